"""The leader's room: a phiếu whole, approving and sending it, giving it back, its receipt, withdrawing, deputies."""

from survey.web.leader import deputies
from survey.web.leader.pages import leader

__all__ = ["deputies", "leader"]
