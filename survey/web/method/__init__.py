"""The room of the method: how a questionnaire is scored, explained from its own definition."""

from survey.web.method.pages import method

__all__ = ["method"]
