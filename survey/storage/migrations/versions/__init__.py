"""One revision a file, numbered; a published one is never changed."""
