"""The administrator's room: accounts of the instance, and the register of bodies."""

from survey.web.admin import agencies_edit, agencies_import
from survey.web.admin.agencies import registry

__all__ = ["agencies_edit", "agencies_import", "registry"]
