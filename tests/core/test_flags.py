"""Signs for verifiers: each found where it should be and nowhere else, with what hangs on it, in fair words."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answers import Case, Value
from survey.core.asks import Text
from survey.core.flag_norms import norm_of
from survey.core.flag_words import flag_name, tell_flag
from survey.core.flags import Body, Flag, Flagged, FlagKind, Paper, find_flags
from survey.core.load import load
from survey.core.questionnaire import Evidence, Level, Questionnaire
from survey.core.rules.exact import Exact
from survey.core.rules.peers import peers_of
from survey.core.text import LANGUAGES, catalogue
from tests.core.rules import bodies as drawn
from tests.core.rules.test_gain_words import HELD

PLAN = Paper(1, ("1.1",), "12/KH-UBND", date(2026, 2, 1), "UBND phường")


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load(Path(__file__).parent / "rules" / "gain.yaml")


def body(papers: tuple[Paper, ...] | None = (), earlier: dict[str, Value] | None = None, **changes: Value) -> Body:
    """_1_1_a=… is the answer to 1.1.a."""
    values = {**HELD, "1.3": Decimal(0), **{_key(name): value for name, value in changes.items()}}
    return Body(Case("x", values), papers, None if earlier is None else Case("x", {**values, **earlier}))


def _key(name: str) -> str:
    return name.removeprefix("_").replace("_", ".") if name.startswith("_") else name


def of(found: Flagged, kind: FlagKind) -> list[Flag]:
    return [flag for flag in found.flags if flag.kind is kind]


def alone(questionnaire: Questionnaire, one: Body) -> Flagged:
    return find_flags(questionnaire, [one])[0]


def cohort(questionnaire: Questionnaire, one: Body, trained: list[int]) -> Flagged:
    """The first of a cohort whose others trained so many of 100."""
    others = [body(_1_1_a=Decimal(count), so_cbccvc=Decimal(106)) for count in trained]
    return find_flags(questionnaire, [one, *others])[0]


@pytest.mark.parametrize(
    ("meetings", "stake"), [(3, 15), (4, 5), (5, 5), (6, None), (2, None), (0, None)]
)  # fmt: skip
def test_a_band_that_is_reached_within_one_unit_is_worth_a_look(
    questionnaire: Questionnaire, meetings: int, stake: int | None
) -> None:
    found = of(alone(questionnaire, body(_1_3=Decimal(meetings))), FlagKind.EDGE)
    assert [flag.stake for flag in found] == ([] if stake is None else [stake])
    assert [flag.codes for flag in found] == ([] if stake is None else [("1.3",)])


def test_a_band_that_is_reached_within_half_a_per_cent_is_worth_a_look(repository: Path) -> None:
    ratios = load(repository / "questionnaires" / "features" / "ratio.yaml")

    def near(a: int, b: int) -> list[Flag]:
        case = Case("x", {"1.4.a": Decimal(a), "1.4.b": Decimal(b)})
        return of(alone(ratios, Body(case)), FlagKind.EDGE)

    assert [flag.stake for flag in near(9540, 10000)] == [5]  # 95,4 % of 95 % is within 0,475 points of it
    assert not near(9550, 10000)
    assert not near(9499, 10000)
    assert [flag.stake for flag in near(8001, 10000)] == [5]


def test_a_band_that_the_median_of_the_cohort_reaches_too_is_no_sign(questionnaire: Questionnaire) -> None:
    def found(usual: int) -> list[Flag]:
        others = [body(_1_3=Decimal(usual)) for _ in range(9)]
        return of(find_flags(questionnaire, [body(_1_3=Decimal(4)), *others])[0], FlagKind.EDGE)

    assert [flag.stake for flag in found(3)] == [5]
    assert not found(4)
    assert not found(9)


@pytest.mark.parametrize(("count", "signs"), [(9, 0), (10, 1)])
def test_all_of_a_few_is_no_sign(questionnaire: Questionnaire, count: int, signs: int) -> None:
    one = body(_1_1_a=Decimal(count), so_cbccvc=Decimal(count))
    assert sum(flag.codes == ("1.1",) for flag in of(alone(questionnaire, one), FlagKind.EQUAL)) == signs


def test_a_equals_b_is_worth_a_look_only_where_the_median_of_the_cohort_earns_less(
    questionnaire: Questionnaire,
) -> None:
    full = body(_1_1_a=Decimal(106))
    (sign,) = [flag for flag in of(alone(questionnaire, full), FlagKind.EQUAL) if flag.codes == ("1.1",)]
    assert (sign.stake, sign.against) == (20, None)
    (sign,) = of(cohort(questionnaire, full, [53, 53, 53, 53, 53, 53, 53, 53]), FlagKind.EQUAL)
    assert (sign.stake, sign.against) == (10, Fraction(1, 2))
    assert not of(cohort(questionnaire, full, [106] * 9), FlagKind.EQUAL)


def test_a_value_far_from_the_median_is_worth_a_look_where_it_earns_more(questionnaire: Questionnaire) -> None:
    usual = [50, 51, 52, 53, 54, 55, 56, 57, 53]
    (sign,) = of(cohort(questionnaire, body(_1_1_a=Decimal(100)), usual), FlagKind.PEERS)
    assert sign.codes == ("1.1",)
    assert sign.count == 10
    assert sign.stake == Fraction("18.87") - Fraction("10.09")  # of 100/106 less of the median 53,5/106
    assert not of(cohort(questionnaire, body(_1_1_a=Decimal(3)), usual), FlagKind.PEERS)
    assert not of(cohort(questionnaire, body(_1_1_a=Decimal(56)), usual), FlagKind.PEERS)
    assert not of(cohort(questionnaire, body(_1_1_a=Decimal(100)), usual[:5]), FlagKind.PEERS)


def test_what_is_usual_needs_eight_values_and_a_spread() -> None:
    assert norm_of([Fraction(1)] * 7) is None
    same = norm_of([Fraction(1)] * 8)
    assert same is not None
    assert not same.is_far(Fraction(5))
    mostly = norm_of([Fraction(1)] * 9 + [Fraction(2)])  # the median deviation is 0: the mean one stands in
    assert mostly is not None
    assert mostly.is_far(Fraction(2))


def test_a_jump_against_the_period_before_is_worth_a_look(questionnaire: Questionnaire) -> None:
    far = body(earlier={"1.1.a": Decimal(30)})
    (sign,) = of(alone(questionnaire, far), FlagKind.LAST)
    assert (sign.codes, sign.stake) == (("1.1",), Fraction("13.77") - Fraction("5.66"))
    assert not of(alone(questionnaire, body(earlier={"1.1.a": Decimal(60)})), FlagKind.LAST)
    assert not of(alone(questionnaire, body(earlier={"1.1.a": Decimal(106)})), FlagKind.LAST)  # it fell


def with_evidence(questionnaire: Questionnaire) -> Questionnaire:
    group = questionnaire.groups[0]
    proven = tuple(replace(one, evidence=Evidence(True, Text("Quyết định"))) for one in group.indicators)
    return replace(questionnaire, groups=(replace(group, indicators=proven),))


def test_points_without_a_required_document_are_worth_a_look(questionnaire: Questionnaire) -> None:
    asked = with_evidence(questionnaire)
    found = of(alone(asked, body((PLAN,))), FlagKind.NO_EVIDENCE)
    assert [flag.codes[0] for flag in found] == ["1.8", "1.2", "1.4", "1.6"]  # 1.1 has one, 1.3, 1.5 and 1.7 earn 0
    assert not of(alone(asked, body(None)), FlagKind.NO_EVIDENCE), "documents of another instance are not known here"


FIVE = replace(PLAN, codes=("1.1", "1.2", "1.4", "1.5", "1.6", "1.8"))  # 1.5 earns nothing


def test_one_document_under_five_indicators_is_told_by_the_way(questionnaire: Questionnaire) -> None:
    """A report may well prove several: it comes last, and its points are not counted with the others."""
    found = alone(questionnaire, body((FIVE,), _1_3=Decimal(3)))
    (sign,) = of(found, FlagKind.REUSED)
    assert sign.codes == ("1.1", "1.2", "1.4", "1.6", "1.8")
    assert found.flags[-1] is sign
    assert found.stake == 15  # of 1.3, which just reaches its band
    assert not of(alone(questionnaire, body((replace(FIVE, codes=FIVE.codes[:5]),))), FlagKind.REUSED)


def test_the_same_document_in_several_bodies_is_worth_a_look(questionnaire: Questionnaire) -> None:
    same = replace(PLAN, id=7, number=" 12/kh-UBND ", issuer="UBND Phường")
    others = [body((replace(PLAN, id=9, number=f"{n}/KH"),)) for n in range(3)]
    found = find_flags(questionnaire, [body((PLAN,)), body((same,)), *others])
    assert [[flag.count for flag in of(one, FlagKind.SHARED)] for one in found] == [[1], [1], [], [], []]
    apart = [body((PLAN,)), body((replace(same, issuer="UBND xã"),)), body((replace(same, issued=None),))]
    assert not any(of(one, FlagKind.SHARED) for one in find_flags(questionnaire, apart))
    everybody = [body((replace(PLAN, id=n),)) for n in range(20)]
    assert not any(of(one, FlagKind.SHARED) for one in find_flags(questionnaire, everybody)), "one from above"


FULL: dict[str, Value] = {
    "_1_1_a": Decimal(200), "so_cbccvc": Decimal(200), "_1_2_a": Decimal(200), "_1_3": Decimal(4),
    "_1_4_a": Decimal(0), "_1_5": "chuyen_trach", "_1_6": frozenset({"ke_hoach", "quy_che"}), "_1_7": "yes",
}  # fmt: skip


def test_the_maximum_everywhere_is_worth_a_look(questionnaire: Questionnaire) -> None:
    (sign,) = of(alone(questionnaire, body(**FULL)), FlagKind.ALL_FULL)
    assert sign.count == 8
    assert not of(alone(questionnaire, body(**{**FULL, "_1_7": "no"})), FlagKind.ALL_FULL)


def test_points_that_decide_the_level_are_told_with_both_levels(questionnaire: Questionnaire) -> None:
    high, low = Level(Text("Nâng cao"), Fraction(1, 2)), Level(Text("Khởi động"))
    levels = replace(questionnaire, levels=(high, low))
    found = alone(levels, body(**{**FULL, "_1_7": "no", "_1_5": "chua"}))
    assert found.stake == 20 + 10 + 5  # 1.1 and 1.2 with a = b, 1.3 one band down
    assert not of(found, FlagKind.LEVEL)  # 122 of 162 less 35 is still above a half
    nearer = replace(questionnaire, levels=(replace(high, limit=Fraction(3, 5)), low))
    (sign,) = of(alone(nearer, body(**{**FULL, "_1_7": "no", "_1_5": "chua"})), FlagKind.LEVEL)
    assert sign.levels is not None
    assert [level.name.vi for level in sign.levels] == ["Nâng cao", "Khởi động"]


def test_two_signs_at_one_indicator_put_its_points_at_stake_once(questionnaire: Questionnaire) -> None:
    asked = with_evidence(questionnaire)
    found = alone(asked, body((), _1_1_a=Decimal(106)))
    about = [flag for flag in found.flags if flag.codes == ("1.1",)]
    assert {flag.kind for flag in about} == {FlagKind.EQUAL, FlagKind.NO_EVIDENCE}
    exact = Exact(asked, body((), _1_1_a=Decimal(106)).case)
    assert found.stake == exact.result(asked.whole).points


def test_a_penalty_left_blank_is_worth_a_look_with_all_that_it_may_take_off(repository: Path) -> None:
    penal = load(repository / "questionnaires" / "features" / "bonus-penalty.yaml")
    silent = alone(penal, Body(Case("x", {"1.1": "yes"})))
    (sign,) = of(silent, FlagKind.BLANK_PENALTY)
    assert (sign.codes, sign.stake, silent.stake) == (("2.1",), 8, 8)
    honest = alone(penal, Body(Case("x", {"1.1": "yes", "2.1": Decimal(4)})))
    assert not of(honest, FlagKind.BLANK_PENALTY)
    assert silent.stake > honest.stake, "silence comes before an honest answer"


@settings(max_examples=100)
@given(seed=st.integers(0, 10**9))
def test_no_more_is_at_stake_than_was_earned_and_every_sign_has_words_that_accuse_nobody(seed: int) -> None:
    chance = random.Random(seed)
    questionnaire, case = drawn.body(chance)
    some = [Body(case)] + [
        Body(replace(case, values={key: _nudged(chance, value) for key, value in case.values.items()}))
        for _ in range(12)
    ]  # fmt: skip
    peers = peers_of(questionnaire, [one.case for one in some])
    for one, found in zip(some, find_flags(questionnaire, some), strict=True):
        exact = Exact(questionnaire, one.case, peers)
        for flag in found.flags:
            assert flag.stake >= 0
            for code, stake in flag.stakes.items():
                indicator = questionnaire.by_code[code]
                blank = flag.kind is FlagKind.BLANK_PENALTY
                assert 0 < stake <= (indicator.maximum if blank else exact.outcome(indicator).points)
            for language in LANGUAGES:
                assert tell_flag(questionnaire, flag, language).endswith(".")


def _nudged(chance: random.Random, value: Value) -> Value:
    return max(value + chance.randint(-2, 2), Decimal(0)) if isinstance(value, Decimal) else value


def test_the_words_accuse_nobody() -> None:
    accusing = re.compile(
        r"gian|sai phạm|khai khống|vi phạm|bịa|nghi ngờ|cheat|fraud|false|suspicio|wrong", re.IGNORECASE
    )
    texts = {key: words for key, words in catalogue().items() if key.startswith("flags.")}
    assert len(texts) > 20
    assert not [key for key, words in texts.items() for text in words.values() if accusing.search(text)]
    assert all(flag_name(kind, language) for kind in FlagKind for language in LANGUAGES)


@pytest.mark.parametrize(
    ("one", "kind", "sentence"),
    [
        (body(_1_3=Decimal(3)), FlagKind.EDGE, "Giá trị 3 cuộc vừa đạt bậc từ 3 cuộc trở lên; nên xem số liệu gốc."),
        (body(_1_1_a=Decimal(106)), FlagKind.EQUAL, "a bằng b; nên xem cách đếm."),
        (
            body(earlier={"1.1.a": Decimal(30)}),
            FlagKind.LAST,
            "Giá trị 68,87%, kỳ trước 28,3%; nên xem điều gì đã thay đổi.",
        ),
        (
            body((FIVE,)),
            FlagKind.REUSED,
            "Tài liệu số 12/KH-UBND ngày 01/02/2026 dùng cho 5 chỉ số; nên xem có đúng với từng chỉ số.",
        ),
        (
            body(**FULL),
            FlagKind.ALL_FULL,
            "Tất cả 8 chỉ số đạt điểm tối đa; nên xem tài liệu kiểm chứng.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_worth_a_look(
    questionnaire: Questionnaire, one: Body, kind: FlagKind, sentence: str
) -> None:
    assert [tell_flag(questionnaire, flag) for flag in of(alone(questionnaire, one), kind)][:1] == [sentence]
