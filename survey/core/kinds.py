"""Khối: what bodies are grouped by for those who coordinate them, by the code of the register, with their names."""

from __future__ import annotations

from collections.abc import Collection

from survey.core.text import catalogue, say

KINDS = ("dang", "nha_nuoc", "mttq_ctxh")  # in official order; a register may name others


def kind_name(code: str, language: str = "vi") -> str:
    """The name of a khối; one that has no name here is called by its code."""
    key = f"scope.kind_{code}"
    return say(key, language) if key in catalogue() else code


def kind_names(codes: Collection[str], language: str = "vi") -> str:
    """Names of several khối in official order, as one text."""
    others = sorted(set(codes) - set(KINDS))
    return ", ".join(kind_name(code, language) for code in (*KINDS, *others) if code in codes)
