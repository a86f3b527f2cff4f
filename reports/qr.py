"""QR codes of printed sheets: a picture for Word files, an address of a picture for pages."""

from __future__ import annotations

import io

QUIET = 2  # modules left white around the code


def qr_png(text: str) -> bytes:
    """The code as a PNG, large enough to be printed sharp."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=QUIET)
    return out.getvalue()


def qr_picture(text: str) -> str:
    """The code as a `data:` address of a drawing, for the src of an image."""
    import segno

    return segno.make(text, error="m", micro=False).svg_data_uri(border=QUIET, omitsize=True)
