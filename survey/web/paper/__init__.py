"""The room of paper: printing a phiếu and its tờ trình, comparing a print, recording what was signed."""

from survey.web.paper.blueprint import paper

from survey.web.paper import prints, signing  # isort: skip  the pages join the blueprint

__all__ = ["paper", "prints", "signing"]
