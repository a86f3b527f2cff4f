"""Every workbook that is taken away prints the code of the log, and the log knows it again."""

import re
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest

from survey.services.chase import ChaseFilter
from survey.services.export_agencies import export_workbook
from survey.services.figures_workbook import make_figures_workbook
from survey.services.flag_submission import FlagFilter
from survey.services.instance import Session
from survey.services.make_chase_file import make_chase_file
from survey.services.make_flag_file import make_flag_file
from survey.services.verify_log import Printed, verify_log
from tests.services.figures_world import ROUND, SET, give_duty
from tests.services.world import FULL, World, at

Made = Callable[[Session, World], bytes]
HEAD = re.compile(r"\b[0-9a-f]{16}\b")


def chase(session: Session, world: World) -> bytes:
    return make_chase_file(session, world["coordinator"], world.known.round_id, ChaseFilter(), clock=at())


def flags(session: Session, world: World) -> bytes:
    return make_flag_file(session, world["coordinator"], world.known.round_id, FlagFilter(), clock=at())


def figures(session: Session, world: World) -> bytes:
    return make_figures_workbook(session, world["other"], ROUND, SET, clock=at())


def register(session: Session, world: World) -> bytes:
    return export_workbook(session, world["admin"], clock=at())


@pytest.mark.parametrize("made", [chase, flags, figures, register])
def test_a_workbook_prints_the_code_of_the_log_which_is_known_again(world: World, made: Made) -> None:
    world.send(FULL)
    give_duty(world)
    with world.database.writing() as session:
        content = made(session, world)
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    above = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value)
    (printed,) = HEAD.findall(above)
    world.save({"1.2.a": "76"}, by="other", agency="SO-2")  # the log has grown since
    with world.database.reading() as session:
        assert verify_log(session, printed).printed is Printed.EXPORT
