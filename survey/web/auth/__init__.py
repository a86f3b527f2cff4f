"""Signing in and out, first sign-in, second factor, one's own account, and choosing the body one works for."""

from survey.web.auth import first, own, pages, second

__all__ = ["first", "own", "pages", "second"]
