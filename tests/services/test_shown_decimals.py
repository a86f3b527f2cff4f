"""Points are shown with the decimals that they are rounded to: on pages, on paper and in charts alike."""

import tempfile
from pathlib import Path

from reports.charts.ranked_bars import ranked_bars
from reports.standing import blocks
from survey.services.print_phieu import print_phieu
from survey.services.rank_cohort import rank_cohort
from survey.services.review_submission import review_submission
from survey.services.round_data import round_data
from survey.services.write_statement import write_statement
from survey.storage.database import Database
from survey.web.agency.words import group_points, total_words
from tests.databases import Store
from tests.services.world import Known, World, build_world

RULES = """
id: mau
version: "1"
title: Ba chữ số
decimals: "3"
groups:
  - code: "1"
    name: Nhân lực số
    indicators:
      - code: "1.1"
        name: Tỷ lệ được tập huấn
        max: "10"
        ask:
          ratio:
            a:
              label: Số người được tập huấn
              unit: người
              kind: integer
            b:
              label: Tổng số người
              unit: người
              kind: integer
            part: true
        zero_b: zero
"""


def build(database: Database) -> Known:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "questionnaire.yaml").write_text(RULES, encoding="utf-8")
        return build_world(database, Path(folder))


def test_three_decimals_are_three_everywhere(store: Store) -> None:
    world = World(*store.fresh(build))
    world.send({"1.1.a": "1", "1.1.b": "3"})
    url = "https://example.test/{}".format
    with world.database.reading() as session:
        sheet = print_phieu(session, world["clerk"], world.submission(), url)
        statement = write_statement(session, world["leader"], world.submission(), url)
        ranking = rank_cohort(session, world["coordinator"], 1, "so-nganh")
        review = review_submission(session, world["leader"], world.submission())
        data = round_data(session, 1)
    assert sheet.parts[0].points == "3,333 / 10"
    assert statement.result.count("3,333") == 1
    assert [group.points for group in statement.groups] == ["3,333"]
    assert (ranking.rows[0].points, ranking.decimals) == (3.333, 3)
    assert total_words(review.standing) == group_points(review.answers[0].line) == "3,333 / 10"
    assert [low.decimals for low in review.lowest] == [3]
    block = blocks(data)[0]
    assert ranked_bars(data, block, next(iter(block.by_cohort)), formats=()).table.rows[0][2] == "3,333"
