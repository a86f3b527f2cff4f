"""Files that browsers keep and never open as a page: attached, of one kind, under a name that any system can hold."""

from __future__ import annotations

import io

from flask import Response, send_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"  # even where a browser opened it, nothing would run
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def attachment(content: bytes, kind: str, name: str) -> Response:
    """The file as an answer; its name also as RFC 5987 writes it, for letters with dấu."""
    answer = send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, etag=False)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
