"""Security headers, on every response: pages, errors, files."""

from __future__ import annotations

from flask import Response, request

from survey.web.access import STATIC

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

YEAR = 365 * 24 * 3600  # seconds


def add_headers(response: Response) -> Response:
    """Set what browsers must not do with this response, and whether it may be kept."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)  # files bring a stricter one
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    if request.endpoint in STATIC and response.status_code in (200, 304):
        fresh = "v" in request.args  # the address carries the hash of the content
        headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
    return response
