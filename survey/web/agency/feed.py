"""What the body was told about its phiếu: notices, reminders, extensions, returns, answers; nothing is ever lost."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey.services.announce import FeedItem, mark_feed_read, read_feed
from survey.services.read_submission import read_submission
from survey.web.agency.pages import agency
from survey.web.language import t
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import reading, writing

CHIPS = {"notice": "none", "extended": "done", "returned": "fix", "sent_back": "fix", "extension_taken_back": "fix"}


@agency.app_template_filter("feed_title")
def feed_title(item: FeedItem) -> str:
    """What an item of the feed is, in words."""
    from survey.web.filters import moment

    match item.kind:
        case "notice" if item.until is not None:
            return t("web_feed.notice_until", until=moment(item.until))
        case "reminder":
            return t(f"web_feed.reminder_{item.channel}")
        case "extended":
            return t("web_feed.extended", until=moment(item.until))
        case "kad_decided":
            return t("web_feed.kad_approved" if item.decision == "approved" else "web_feed.kad_refused", code=item.code)
        case "adjustment_decided":
            accepted = item.decision == "accepted"
            return t("web_feed.adjustment_accepted" if accepted else "web_feed.adjustment_refused", code=item.code)
        case _:
            return t(f"web_feed.{item.kind}")


@agency.get("/<int:number>/thong-bao")
def feed(number: int) -> str:
    """Everything, newest first."""
    with reading() as session:
        view = read_submission(session, person(), number)
        told = read_feed(session, person(), number)
    working_on(view.head)
    return render_template("agency/feed.html", head=view.head, feed=told)


@agency.post("/<int:number>/thong-bao", endpoint="read_feed")
def mark_read(number: int) -> Response:
    """All of it is read; it stays in the list."""
    with writing() as session:
        mark_feed_read(session, person(), number)
    return with_notice(redirect(url_for("agency.hub", number=number)), "feed_read")
