"""Turn plain figures into bytes: workbooks, charts and documents, without database or request."""
