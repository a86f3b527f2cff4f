"""The administrator's room: accounts of the instance, and the register of bodies."""

from survey.web.admin import account_import, account_invite, account_page, agencies_edit, agencies_import
from survey.web.admin.accounts import admin
from survey.web.admin.agencies import registry

__all__ = [
    "account_import",
    "account_invite",
    "account_page",
    "admin",
    "agencies_edit",
    "agencies_import",
    "registry",
]
