"""What the register's codes are called, both ways: khối, types, levels, cohorts, questionnaires and attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from survey.core.asks import Text
from survey.core.kinds import KINDS, kind_name
from survey.core.sorting_vi import fold
from survey.core.text import LANGUAGES, catalogue, say
from survey.services.cohorts import COHORTS
from survey.services.instance import Session
from survey.services.published import published
from survey.storage import agencies, questionnaires

TYPES = (
    "cap_uy", "co_quan_tham_muu", "dang_uy_truc_thuoc", "dang_uy_xa", "ubnd", "so", "ban", "trung_tam", "ubnd_xa",
    "mttq", "ct_xh", "mttq_xa",
)  # fmt: skip
LEVELS = ("thanh_pho", "xa_phuong")
PICKED = ("kind", "type", "level", "questionnaire", "cohort")  # fields whose value is one code of a list
ATTRIBUTE = "attr."  # before the name of an attribute, where it stands among fields


@dataclass(frozen=True, slots=True)
class RegisterWords:
    """Names of codes by field, in official order, and the names of attributes."""

    lists: Mapping[str, Mapping[str, Text]]
    attributes: Mapping[str, Text]  # those that published questionnaires know, then others of the register
    asked: Mapping[str, frozenset[str]]  # the attributes that each published questionnaire asks about, by its id
    meant: Mapping[str, Mapping[str, str]]  # by field: a folded code or name → the one code it means

    def called(self, field: str, code: str, language: str = "vi") -> str:
        """What a code of a field is called; the code itself where it has no name of its own."""
        name = self.lists[field].get(code)
        return name.in_language(language) if name else code

    def options(self, field: str, language: str = "vi") -> list[tuple[str, str]]:
        """Codes of a field with their names."""
        return [(code, name.in_language(language)) for code, name in self.lists[field].items()]

    def read(self, field: str, typed: str) -> str | None:
        """The code that was meant by a code or a name; None where there is none, or more than one."""
        if typed in self.lists[field]:
            return typed
        return self.meant[field].get(fold(typed)) or None

    def heading(self, attribute: str, language: str = "vi") -> str:
        """What an attribute is called; its name in files where two are called alike."""
        name = self.attributes.get(attribute, Text(attribute))
        alike = [one for one in self.attributes.values() if fold(one.vi) == fold(name.vi)]
        return attribute if len(alike) > 1 else name.in_language(language)


def register_words(session: Session) -> RegisterWords:
    """The names as they stand."""
    every = agencies.listed(session, "")
    versions = {one.questionnaire_id: one for one in reversed(questionnaires.listed(session))}
    attributes: dict[str, Text] = {}
    asked: dict[str, frozenset[str]] = {}
    for id_, version in versions.items():
        own = published(session, version.id, version.sha256).attributes
        asked[id_] = frozenset(own)
        attributes = {**own, **attributes}
    for agency in every:
        attributes.update((name, Text(name)) for name in agency.attributes if name not in attributes)
    cohorts = {one.code: Text(one.name_vi, one.name_en) for one in agencies.cohorts(session)}
    lists = {
        "kind": _listed(KINDS, (agency.kind for agency in every), _kind),
        "type": _listed(TYPES, (agency.type for agency in every), lambda code: _said("type", code)),
        "level": _listed(LEVELS, (agency.level for agency in every), lambda code: _said("level", code)),
        "questionnaire": {id_: Text(one.title_vi, one.title_en) for id_, one in sorted(versions.items())},
        "cohort": {**{code: name for code, name in COHORTS.items() if code not in cohorts}, **cohorts},
    }
    return RegisterWords(lists, attributes, asked, {field: _meant(codes) for field, codes in lists.items()})


def _meant(codes: Mapping[str, Text]) -> dict[str, str]:
    """Folded codes and names; an empty code where two are called alike."""
    meant: dict[str, str] = {}
    for code, name in codes.items():
        for word in {fold(code), *(fold(name.in_language(language)) for language in LANGUAGES)}:
            meant[word] = code if meant.get(word, code) == code else ""
    return meant


def _listed(first: Iterable[str], others: Iterable[str], name: Callable[[str], Text]) -> dict[str, Text]:
    codes = tuple(first)
    return {code: name(code) for code in (*codes, *sorted({other for other in others if other} - set(codes)))}


def _kind(code: str) -> Text:
    return Text(*(kind_name(code, language) for language in LANGUAGES))


def _said(field: str, code: str) -> Text:
    key = f"registry.{field}_{code}"
    return Text(*(say(key, language) for language in LANGUAGES)) if key in catalogue() else Text(code)
