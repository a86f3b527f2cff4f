"""Worked sentences: why an answer earned its points, what is missing, why it does not apply, and how it is scored."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from survey.core.answers import Case, Special, Value
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from survey.core.rules.words import explain, reason, rule_in_words
from survey.core.text import LANGUAGES


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load(Path(__file__).with_name("words.yaml"))


def typed(value: str) -> Value:
    if value == "KAD":
        return Special.NOT_APPLICABLE
    return Decimal(value) if value[0].isdigit() else value


def case(mttq: bool = True, **answers: str | frozenset[str]) -> Case:
    """_1_2_a="73" is the answer 73 to 1.2.a."""
    values = {
        key.strip("_").replace("_", "."): value if isinstance(value, frozenset) else typed(value)
        for key, value in answers.items()
    }
    return Case("x", values, attributes={"la_mttq": mttq})


TICKS = frozenset({"mot", "ba"})


@pytest.mark.parametrize(
    ("code", "given", "sentence"),
    [
        ("1.1", case(_1_1="kiem_nhiem"), "15,00 / 30 điểm vì “có đầu mối, kiêm nhiệm” được một nửa điểm tối đa."),
        ("1.1", case(_1_1="chua"), "0,00 / 30 điểm vì “Chưa bố trí” được 0 điểm."),
        ("1.1", case(), "0,00 / 30 điểm vì chưa có số liệu."),
        ("1.2", case(_1_2_a="73", _1_2_b="106"), "13,77 / 20 điểm vì 73/106 = 68,87%."),
        ("1.2", case(_1_2_a="57", _1_2_b="100"), "11,40 / 20 điểm vì 57/100 = 57%."),
        ("1.2", case(_1_2_a="1233", _1_2_b="1234"), "19,98 / 20 điểm vì 1.233/1.234 = 99,92%."),
        ("1.2", case(_1_2_a="99999", _1_2_b="100000"), "20,00 / 20 điểm vì 99.999/100.000 = 99,999%."),
        ("1.2", case(_1_2_a="3"), "0,00 / 20 điểm vì chưa có số liệu “Tổng số cuộc họp”."),
        (
            "1.2",
            case(),
            "0,00 / 20 điểm vì chưa có số liệu “Số cuộc họp do người đứng đầu chủ trì”; “Tổng số cuộc họp”.",
        ),
        (
            "1.2",
            case(_1_2_a="12", _1_2_b="10"),
            "0,00 / 20 điểm vì “Số cuộc họp do người đứng đầu chủ trì” (12) lớn hơn “Tổng số cuộc họp” (10);"
            " số liệu vẫn được lưu nhưng chưa tính điểm.",
        ),
        (
            "1.2",
            case(_1_2_a="0", _1_2_b="0"),
            "0,00 / 20 điểm vì “Tổng số cuộc họp” bằng 0: nhiệm vụ chưa thực hiện nên chưa có điểm.",
        ),
        (
            "1.2",
            case(_1_2_a="KAD"),
            "Không áp dụng vì đề nghị không áp dụng đã được chấp nhận; không tính vào điểm tối đa.",
        ),
        ("1.3", case(_1_3_a="12.5", _1_3_b="1000"), "12,50 / 30 điểm vì 12,5/1.000 = 1,25%, bằng 41,67% mục tiêu 3%."),
        (
            "1.3",
            case(_1_3_a="2999.99", _1_3_b="100000"),
            "30,00 / 30 điểm vì 2.999,99/100.000 = 2,99999%, bằng 99,9997% mục tiêu 3%.",
        ),
        ("1.3", case(_1_3_a="40", _1_3_b="1000"), "30,00 / 30 điểm vì 40/1.000 = 4%, đạt mục tiêu 3%."),
        ("1.3", case(_1_3_a="0", _1_3_b="0"), "Không áp dụng vì “Tổng chi” bằng 0; không tính vào điểm tối đa."),
        (
            "1.4",
            case(_1_4_a="1", _1_4_b="10"),
            "6,67 / 10 điểm vì 1/10 = 10%, đi được 66,67% quãng từ mốc 20% đến mục tiêu 5%.",
        ),
        ("1.4", case(_1_4_a="3", _1_4_b="100"), "10,00 / 10 điểm vì 3/100 = 3%, không vượt 5%."),
        ("1.4", case(_1_4_a="3", _1_4_b="10"), "0,00 / 10 điểm vì 3/10 = 30%, chưa tốt hơn mốc 20%."),
        (
            "1.4",
            case(_1_4_a="0", _1_4_b="0"),
            "10,00 / 10 điểm vì “Tổng số văn bản” bằng 0: không có việc phải làm nên được điểm tối đa"
            " (sẽ kiểm tra khi thẩm định).",
        ),
        ("1.5", case(_1_5="3"), "5,00 / 20 điểm vì 3 lớp, thuộc bậc từ 1 lớp trở lên, được một phần tư điểm tối đa."),
        ("1.5", case(_1_5="0"), "0,00 / 20 điểm vì 0 lớp, thuộc bậc dưới 1 lớp, được 0 điểm."),
        (
            "1.6",
            case(_1_6=TICKS),
            "13,33 / 20 điểm vì có 2/3 nội dung (“Nội dung một”; “Nội dung ba”), được hai phần ba điểm tối đa.",
        ),
        ("1.6", case(_1_6=frozenset()), "0,00 / 20 điểm vì chưa có nội dung nào trong 3 nội dung."),
        (
            "1.7",
            case(_1_7_a1="1", _1_7_b1="2", _1_7_a2="1", _1_7_b2="4"),
            "5,63 / 15 điểm vì trung bình của Đoàn 1/2; Hội 1/4 là 37,5%.",
        ),
        (
            "1.7",
            case(_1_7_a1="1", _1_7_b1="2", _1_7_a2="0", _1_7_b2="0"),
            "7,50 / 15 điểm vì trung bình của Đoàn 1/2 là 50%.",
        ),
        (
            "1.7",
            case(_1_7_a1="0", _1_7_b1="0", _1_7_a2="0", _1_7_b2="0"),
            "Không áp dụng vì “Đoàn: tổng số”; “Hội: tổng số” bằng 0; không tính vào điểm tối đa.",
        ),
        (
            "1.7",
            case(mttq=False),
            "Không áp dụng vì chỉ áp dụng cho đơn vị: “Là Ủy ban Mặt trận Tổ quốc”; không tính vào điểm tối đa.",
        ),
        (
            "1.8",
            case(mttq=False, _1_8="yes"),
            "Không áp dụng vì chỉ áp dụng cho đơn vị: “Là Ủy ban Mặt trận Tổ quốc”; không tính vào điểm tối đa.",
        ),
        ("1.9", case(_1_8="yes", _1_9="yes"), "10,00 / 10 điểm vì “Có” được điểm tối đa."),
        (
            "1.9",
            case(_1_8="no", _1_9="yes"),
            "0,00 / 10 điểm vì chỉ số 1.8 là “Không”; chỉ số này không phải trả lời và không có điểm.",
        ),
        (
            "1.9",
            case(_1_8="KAD"),
            "0,00 / 10 điểm vì chỉ số 1.8 là “Không áp dụng”; chỉ số này không phải trả lời và không có điểm.",
        ),
        ("1.9", case(_1_9="yes"), "0,00 / 10 điểm vì chưa trả lời chỉ số 1.8."),
        ("1.10", case(_1_10="7.04"), "7,04 / 10 điểm theo điểm đơn vị tự chấm."),
        ("1.10", case(_1_10="12"), "0,00 / 10 điểm vì số liệu nằm ngoài khoảng cho phép."),
        ("1.11", case(_1_11="ghi chú"), "Không chấm điểm"),
        (
            "1.12",
            case(_1_12_a="57001", _1_12_b="100000"),
            "40,00 / 40 điểm vì 57.001/100.000 = 57,001%, thuộc bậc trên 57%, được điểm tối đa.",
        ),
        (
            "1.12",
            case(_1_12_a="57", _1_12_b="100"),
            "11,43 / 40 điểm vì 57/100 = 57%, thuộc bậc không quá 57%, được 2/7 điểm tối đa.",
        ),
        ("1.13", case(), "0,00 / 10 điểm vì Sở Khoa học và Công nghệ chưa cung cấp số liệu."),
        ("1.13", case(_1_13="12.345678"), "4,12 / 10 điểm vì 12,345678%, bằng 41,15% mục tiêu 30%."),
        ("1.14", case(_1_14_a="3", _1_14_b="2"), "10,00 / 10 điểm vì 3/2 = 150%, tính tối đa 100%."),
    ],
)  # fmt: skip
def test_the_sentence_says_why(questionnaire: Questionnaire, code: str, given: Case, sentence: str) -> None:
    assert reason(questionnaire, questionnaire.by_code[code], given) == sentence


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        (
            "1.1",
            "“Có người chuyên trách”: điểm tối đa; “có đầu mối, kiêm nhiệm”: một nửa điểm tối đa;"
            " “Chưa bố trí”: 0 điểm.",
        ),
        (
            "1.2",
            "Điểm = a/b × điểm tối đa. a là “Số cuộc họp do người đứng đầu chủ trì”; b là “Tổng số cuộc họp”."
            " b bằng 0: 0 điểm. a không được lớn hơn b.",
        ),
        (
            "1.4",
            "Điểm tính đều theo a/b: tại 20% được 0 điểm, tại 5% được điểm tối đa. a là “Văn bản giấy”;"
            " b là “Tổng số văn bản”. b bằng 0: điểm tối đa (kiểm tra khi thẩm định).",
        ),
        (
            "1.5",
            "Theo bậc của “Số lớp”: từ 4 lớp trở lên: điểm tối đa; từ 1 lớp trở lên: một phần tư điểm tối đa;"
            " dưới 1 lớp: 0 điểm.",
        ),
        (
            "1.7",
            "Điểm = trung bình cộng các tỷ lệ a/b × điểm tối đa. Các tỷ lệ của đơn vị “Là Ủy ban Mặt trận Tổ quốc”:"
            " “Đoàn: số có thẻ” / “Đoàn: tổng số”; “Hội: số có thẻ” / “Hội: tổng số”."
            " Tỷ lệ có b bằng 0 không tính vào trung bình; mọi b bằng 0: không áp dụng. a không được lớn hơn b.",
        ),
        (
            "1.9",
            "“Có”: điểm tối đa; “Không”: 0 điểm. Chỉ áp dụng cho đơn vị: “Là Ủy ban Mặt trận Tổ quốc”."
            " Chỉ hỏi khi chỉ số 1.8 là “Có”; nếu không: 0 điểm.",
        ),
        ("1.10", "Đơn vị tự chấm, từ 0 đến 10 điểm."),
        ("1.11", "Không chấm điểm."),
        (
            "1.13",
            "“Tỷ trọng kinh tế số” từ 30% trở lên được điểm tối đa; thấp hơn tính theo tỷ lệ so với 30%.",
        ),
    ],
)
def test_the_rule_says_how(questionnaire: Questionnaire, code: str, rule: str) -> None:
    assert rule_in_words(questionnaire, questionnaire.by_code[code]) == rule


def test_the_english_sentence_is_english(questionnaire: Questionnaire) -> None:
    ratio = questionnaire.by_code["1.2"]
    told = explain(questionnaire, ratio, case(_1_2_a="73", _1_2_b="106"), "en")
    assert (told.headline, told.because) == ("13,77 / 20 points", "because 73/106 = 68,87%.")
    assert rule_in_words(questionnaire, ratio, "en").startswith("Points = a/b × maximum.")


def test_every_rule_of_the_house_has_words_in_both_languages(repository: Path) -> None:
    for folder in sorted((repository / "questionnaires").glob("*/questionnaire.yaml")):
        questionnaire = load(folder)
        for indicator in questionnaire.indicators:
            for language in LANGUAGES:
                assert rule_in_words(questionnaire, indicator, language).endswith(".")


def test_a_figure_to_be_mended_is_told_before_one_to_be_given(questionnaire: Questionnaire) -> None:
    told = reason(questionnaire, questionnaire.by_code["1.7"], case(_1_7_a1="1", _1_7_a2="3", _1_7_b2="2"))
    assert "“Hội: số có thẻ” (3) lớn hơn “Hội: tổng số” (2)" in told
