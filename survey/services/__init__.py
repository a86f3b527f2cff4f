"""What people do with the system, one use case a file: each takes a Session first and flushes, never commits."""
