"""What no page may have at any width: something that axe objects to, or scrolling sideways on a phone."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe, AxeResults

WIDTHS = (375, 1280)
_RUN = "axe.run(document, {resultTypes: ['violations'], preload: false})"


def look(page: Any, widths: tuple[int, ...] = WIDTHS) -> None:
    """Look at the page as it stands, on a phone and on a desk."""
    page.evaluate(Axe().axe_script)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{page.url}: {wider} px wider than a screen of {width} px"
        found = AxeResults(page.evaluate(_RUN))
        assert not found.response["violations"], f"{page.url} at {width} px: {found.generate_report()}"
