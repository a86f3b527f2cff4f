"""A test client that reads every page strictly: markup, one h1, title, labels, ids, headers, nothing inline.

`StrictClient(app)` is Flask's own client; every HTML response is checked before the test sees it. `client.page(path)`
gives the parsed page; `Page.form(action)` and `client.send(form, **fields)` press the buttons of real forms, hidden
fields and token included, as a browser without scripts would.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

CONTROLS = {"input", "select", "textarea"}
NEED_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
POLICY = "default-src 'none'"


def text_of(element: Element) -> str:
    """The words inside an element, blanks single."""
    return " ".join("".join(element.itertext()).split())


def parse(html: str) -> Element:
    """The tree of a page. Raises html5lib's ParseError for markup that a browser would have to guess at."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return tree


@dataclass
class Form:
    """A form as a browser would send it when nothing is changed."""

    action: str
    method: str
    fields: dict[str, list[str]]
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)  # words, name, value, formaction


class Page:
    """A parsed page with the questions that tests ask."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.html = response.get_data(as_text=True)
        read = getattr(response, "read_before", None)  # parsing is slow, and the client has done it
        self.root: Element = read if read is not None else parse(self.html)

    def all(self, tag: str) -> list[Element]:
        return [e for e in self.root.iter() if e.tag == tag]

    def by_id(self, wanted: str) -> Element:
        return next(e for e in self.root.iter() if e.get("id") == wanted)

    @property
    def h1(self) -> str:
        return text_of(self.all("h1")[0])

    @property
    def text(self) -> str:
        return text_of(self.all("body")[0])

    def links(self) -> dict[str, str]:
        return {text_of(a): a.get("href", "") for a in self.all("a")}

    def forms(self) -> list[Form]:
        return [self._form(e) for e in self.all("form")]

    def form(self, action: str) -> Form:
        """The first form whose address ends in `action`."""
        return next(form for form in self.forms() if form.action.endswith(action))

    def _form(self, element: Element) -> Form:
        form_id = element.get("id")
        inside = list(element.iter())
        if form_id:
            inside += [e for e in self.root.iter() if e.get("form") == form_id]
        form = Form(element.get("action") or self.response.request.path, element.get("method", "get"), {})
        for control in inside:
            if control.get("disabled") is None:
                self._read(control, form)
        return form

    @staticmethod
    def _read(control: Element, form: Form) -> None:
        name, kind = control.get("name", ""), control.get("type", "text")
        if control.tag == "button":
            form.buttons.append((text_of(control), name, control.get("value", ""), control.get("formaction", "")))
        elif not name:
            return
        elif control.tag == "textarea":
            form.fields.setdefault(name, []).append((control.text or "").removeprefix("\n"))
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            form.fields.setdefault(name, []).extend(o.get("value", "") for o in chosen)
        elif control.tag == "input" and (
            kind not in ("radio", "checkbox", "submit") or control.get("checked") is not None
        ):
            form.fields.setdefault(name, []).append(control.get("value", ""))


def check_page(page: Page) -> None:
    """Raise AssertionError naming what a page of this house may not do."""
    assert page.root.get("lang") in ("vi", "en"), "<html lang>"
    assert len(page.all("h1")) == 1, f"{len(page.all('h1'))} h1"
    assert page.h1, "empty h1"
    assert text_of(page.all("title")[0]).strip(" ·") not in ("", "Sẵn Sàng Số"), "no title of its own"
    assert len(page.all("main")) == 1, "main"
    ids = [e.get("id") for e in page.root.iter() if e.get("id")]
    doubled = {i for i in ids if ids.count(i) > 1}
    assert not doubled, f"ids twice: {doubled}"
    _check_inline(page)
    _check_labels(page, set(ids))
    _check_headings(page)
    for form in page.all("form"):
        if form.get("method") == "post":
            assert any(e.get("name") == "csrf_token" for e in form.iter("input")), "form without a token"
    assert "{{" not in page.html, "a template left unfilled"
    words = [text for e in page.root.iter() for text in (e.text, e.tail) if text]
    assert not [text for text in words if re.search(r"^None$|: None\b|None /", text.strip())], "None on the page"


def _check_inline(page: Page) -> None:
    for element in page.root.iter():
        assert element.tag != "style", "inline style sheet"
        if element.tag == "script":
            assert element.get("src", "").startswith("/"), "inline or foreign script"
        for name in element.attrib:
            assert name != "style", f"style attribute on <{element.tag}>"
            assert not str(name).startswith("on"), f"handler {name} on <{element.tag}>"


def _check_labels(page: Page, ids: set[str]) -> None:
    labelled = {e.get("for") for e in page.all("label")}
    for label in page.all("label"):
        assert text_of(label), "empty label"
        assert label.get("for") is None or label.get("for") in ids, f"label for nothing: {label.get('for')}"
    for element in page.root.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "form"):
            for wanted in (element.get(attribute) or "").split():
                assert wanted in ids, f"{attribute} names {wanted}, which is not there"
        if element.tag in CONTROLS and element.get("type") not in NEED_NO_LABEL:
            named = element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
            assert named, f"no label: {element.tag} {element.get('name')}"
        if element.tag in ("button", "a", "summary"):
            assert text_of(element) or element.get("aria-label"), f"<{element.tag}> without words"
        if element.tag == "a" and (element.get("href") or "").startswith("#"):
            assert element.get("href") == "#" or str(element.get("href"))[1:] in ids, f"dead {element.get('href')}"
        if element.tag == "fieldset":
            assert any(text_of(e) for e in element.iter("legend")), "fieldset without legend"
        if element.tag == "img":
            assert element.get("alt") is not None, "img without alt"


def _check_headings(page: Page) -> None:
    level = 0
    for element in page.all("main")[0].iter():
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            now = int(str(element.tag)[1])
            assert level == 0 or now <= level + 1, f"h{level} is followed by {element.tag}: {text_of(element)}"
            level = now


def check_headers(response: TestResponse) -> None:
    """Raise AssertionError where a response lacks a security header."""
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    assert policy.startswith(POLICY), "no content security policy"
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers.get("X-Content-Type-Options") == "nosniff"
    assert headers.get("X-Frame-Options") == "DENY"
    assert headers.get("Referrer-Policy") == "same-origin"
    assert headers.get("Cache-Control"), "no Cache-Control"


class StrictClient(FlaskClient):
    """Flask's test client; every answer is checked."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # files are read and closed
        response = super().open(*args, **kwargs)
        check_headers(response)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308):
            page = Page(response)
            check_page(page)
            response.read_before = page.root  # type: ignore[attr-defined]
        return response

    def page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET a page, following redirects."""
        response = self.get(path, follow_redirects=True, **kwargs)
        assert response.status_code == status, f"{response.status_code} for {path}"
        return Page(response)

    def send(self, form: Form, button: str = "", follow: bool = True, **changes: Any) -> TestResponse:
        """Send a form with some fields changed, pressing the button of these words (the first one by default)."""
        data = {**form.fields, **changes}
        action = form.action
        for words, name, value, formaction in form.buttons:
            if button and button not in words:
                continue
            action = formaction or action
            if name and name not in changes:
                data[name] = value
            break
        else:
            assert not button, f"no button {button!r} among {form.buttons}"
        return self.open(action, method=form.method.upper(), data=data, follow_redirects=follow)
