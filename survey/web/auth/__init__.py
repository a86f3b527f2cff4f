"""Signing in and out, one's password, and choosing the body one works for."""
