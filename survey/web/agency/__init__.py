"""The body's room: the hub of a phiếu, a page a lowest group, checking, presenting, documents, history."""

from survey.web.agency import documents, feed, fill, present, words
from survey.web.agency.pages import agency

__all__ = ["agency", "documents", "feed", "fill", "present", "words"]
