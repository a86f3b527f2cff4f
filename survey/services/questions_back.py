"""The questions back of one phiếu: far from last year or the cohort, figures that do not fit; and the body's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from survey.core import document as doc
from survey.core.ask_back import ask_back, far_from_peers
from survey.core.fits import Misfit, misfits, tell_misfit
from survey.core.flag_norms import Norm
from survey.core.questionnaire import Indicator, Questionnaire
from survey.services.cohort_norms import read_norms
from survey.services.instance import Session
from survey.services.last_year import LastYear, read_last_year
from survey.services.page_views import Asked
from survey.services.sheet import Sheet
from survey.storage.submission_rows import SubmissionRow


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What the answers of a phiếu are held against."""

    last_year: LastYear | None = None
    norms: Mapping[str, Norm] = field(default_factory=dict)  # by indicator code


def read_backdrop(session: Session, row: SubmissionRow, questionnaire: Questionnaire) -> Backdrop:
    """What the answers are held against. One statement, and those of the cohort's norms."""
    return Backdrop(read_last_year(session, row, questionnaire), read_norms(session, row, questionnaire))


class QuestionsBack:
    """The questions of one sheet."""

    def __init__(self, sheet: Sheet, backdrop: Backdrop | None, language: str) -> None:
        self._sheet, self._backdrop, self._language = sheet, backdrop, language

    def asked(self, indicator: Indicator) -> tuple[str, ...]:
        """What looks odd at an answered indicator, in words, whether it was confirmed or not."""
        sheet, back, language = self._sheet, self._backdrop, self._language
        if back is None or sheet.asked(indicator) is not Asked.YES or sheet.faulty(indicator):
            return ()
        told = [tell_misfit(sheet.questionnaire, met, language) for met in self._misfits.get(indicator.code, ())]
        if back.last_year is not None:
            told += ask_back(sheet.questionnaire, indicator, sheet.case, back.last_year.case, language)
        told += far_from_peers(sheet.questionnaire, indicator, sheet.case, back.norms.get(indicator.code), language)
        return tuple(told)

    def right(self, indicator: Indicator) -> doc.Entry | None:
        """The body's word that it is right as it stands; None without one, and once a figure has changed."""
        return doc.right_of(self._sheet.document, indicator.code, self.keys(indicator))

    def open(self, indicator: Indicator) -> tuple[str, ...]:
        """The questions that the body has not answered."""
        return () if self.right(indicator) is not None else self.asked(indicator)

    def keys(self, indicator: Indicator) -> tuple[str, ...]:
        """The inputs that the questions of an indicator are about."""
        met = self._misfits.get(indicator.code, ())
        return tuple(dict.fromkeys((*indicator.keys, *(key for one in met for key in one.keys))))

    @cached_property
    def _misfits(self) -> Mapping[str, tuple[Misfit, ...]]:
        return misfits(self._sheet.questionnaire, self._sheet.case)
