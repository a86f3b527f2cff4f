"""Figures that other bodies give: the giver's room, who gives what, requests to correct, groups of colleagues."""

from survey.web.provider import adjustments, ask, figures, groups, owners
from survey.web.provider.pages import provider

__all__ = ["adjustments", "ask", "figures", "groups", "owners", "provider"]
