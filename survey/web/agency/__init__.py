"""The body's room: the hub of a phiếu, a page a lowest group, checking, presenting, documents, history."""

from survey.web.agency import answer_history, documents, feed, files, fill, offline, present, words
from survey.web.agency.pages import agency

__all__ = ["agency", "answer_history", "documents", "feed", "files", "fill", "offline", "present", "words"]
