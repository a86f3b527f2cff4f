"""Short wordings that templates of the body's room share: saved when and by whom, days left, figures of a group."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from survey.core.numbers_vi import HANOI, format_date, format_number, format_time
from survey.core.rules.shown import signed_points
from survey.services.instance import system_clock
from survey.services.last_year import LastTotal
from survey.services.page_views import Confirmed, EvidenceView
from survey.services.saved_views import GroupPoints
from survey.services.submission_views import GroupLine, Stamp, Standing
from survey.web.filters import moment, percent, plain, points
from survey.web.language import t
from survey.web.session import person

SCRIPT_WORDS = (
    "saving", "typing", "failed", "again", "signed_out", "sign_in", "other_account", "locked", "refused", "conflict",
    "conflict_to", "restored", "fault",
)  # fmt: skip
UPLOAD_WORDS = ("sending", "checking", "stopped", "failed", "large", "signed_out", "refused", "broken")
LONGEST_LABEL = 90  # characters of a document in a list to pick from


def saved_at(stamp: Stamp) -> str:
    """ "Đã lưu lúc 09:12", with the day where it was not today and the name where it was somebody else."""
    today = system_clock().astimezone(HANOI).date()
    if stamp.at.astimezone(HANOI).date() == today:
        said = t("web_fill.saved_at", time=format_time(stamp.at))
    else:
        said = t("web_fill.saved_on", moment=f"{format_time(stamp.at)}, {format_date(stamp.at)}")
    return said if stamp.by == person().name else t("web_fill.saved_by", saved=said, by=stamp.by)


def days_words(left: int) -> str:
    """ "còn 22 ngày"."""
    match left:
        case 0:
            return t("web_hub.days_today")
        case 1:
            return t("web_hub.days_one")
        case _:
            return t("web_hub.days_many", count=left) if left > 0 else t("web_hub.days_past")


def group_points(group: GroupLine | GroupPoints) -> str:
    """ "51,85 / 100"; of bonuses and penalties alone "+3,00"; words of one that is left out."""
    if group.left_out:
        return t("words.too_few")
    if group.outside:
        return signed_points(group.points, group.decimals)
    return f"{points(group.points, group.decimals)} / {plain(group.maximum)}"


def total_words(whole: Standing | GroupPoints | None) -> str:
    """The same of the whole; that there are too few figures, where there are."""
    if whole is None or whole.points is None:
        return t("words.too_few")
    return f"{points(whole.points, whole.decimals)} / {plain(whole.maximum)}"


def document_label(document: EvidenceView) -> str:
    """A document in one short line."""
    dated = format_date(document.issued) if document.issued else ""
    named = ", ".join(part for part in (document.number, dated) if part)
    label = ": ".join(part for part in (named, document.summary) if part) or document.link
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def doc_options(documents: Iterable[EvidenceView]) -> list[tuple[str, str]]:
    """Documents to pick from."""
    return [(str(document.id), document_label(document)) for document in documents]


def as_fault(sentence: str) -> str:
    """A reason ("vì … lớn hơn …") as a sentence that stands alone."""
    for joint in ("vì ", "because "):
        sentence = sentence.removeprefix(joint)
    return sentence[:1].upper() + sentence[1:]


def last_words(last: LastTotal, now: float | None) -> str:
    """How a body's published rate has moved since the period before, in points of a hundred."""
    before = percent(last.rate)
    if now is None:
        return t("web_review.last", period=last.period, before=before)
    moved = round((now - last.rate) * 100, 2)  # both are rounded to as much
    key = "same" if not moved else "up" if moved > 0 else "down"
    said = t(f"web_review.last_{key}", period=last.period, before=before, change=format_number(abs(moved), 2))
    return said if last.same_rules else f"{said} {t('web_review.last_other_rules')}"


def right_words(confirmed: Confirmed) -> str:
    """That the body has confirmed what was asked back: who, when, and why where it said so."""
    said = t("web_fill.right_said", by=confirmed.said.by, at=moment(confirmed.said.at))
    return f"{said} {t('web_fill.right_reason', reason=confirmed.reason)}" if confirmed.reason else said


def script_words() -> dict[str, str]:
    """The sentences of the saving script; {code} and {count} are filled in there."""
    return {name: t(f"web_script.{name}", code="{code}", count="{count}") for name in SCRIPT_WORDS}


def upload_words() -> dict[str, str]:
    """The sentences of the script that sends files; {percent}, {size} and {largest} are filled in there."""
    return {
        name: t(f"web_upload.{name}", percent="{percent}", size="{size}", largest="{largest}") for name in UPLOAD_WORDS
    }


def init_app(app: Flask) -> None:
    """Offer the wordings to templates."""
    for word in (
        saved_at,
        days_words,
        group_points,
        total_words,
        document_label,
        doc_options,
        as_fault,
        script_words,
        upload_words,
        last_words,
        right_words,
    ):
        app.jinja_env.globals[word.__name__] = word
