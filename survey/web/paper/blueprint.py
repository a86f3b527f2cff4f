"""The blueprint of the room of paper, and what its templates call."""

from __future__ import annotations

from flask import Blueprint, url_for

from reports.qr import qr_picture
from survey.services import heads
from survey.services.instance import read_settings
from survey.services.submission_views import PaperSignature, SubmissionHead
from survey.web.language import current_language
from survey.web.session import person
from survey.web.work import reading

paper = Blueprint("paper", __name__)
paper.app_template_global("qr_picture")(qr_picture)


@paper.app_template_global()
def back_to_phieu(head: SubmissionHead) -> str:
    """Where the reader looks at this phiếu: the hub for its own body, the read-only page for others."""
    if any(body.agency_id == head.agency.id for body in person().bodies):
        return url_for("agency.hub", number=head.id)
    return url_for("coordinator.phieu", code=head.round.code, number=head.id)


@paper.app_template_global()
def signed_words(paper: PaperSignature) -> str:
    """Number, date and signatory of a signed paper in one sentence."""
    return heads.signed_words(paper, current_language())


@paper.app_template_global()
def uploads_allowed() -> bool:
    """Whether files may be handed in here."""
    with reading() as session:
        return read_settings(session).uploads
