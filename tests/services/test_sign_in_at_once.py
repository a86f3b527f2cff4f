"""What may be used once is used once, also by those who press at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from survey.services.invitations import Channel, Purpose, accept_letter, accept_link, invite
from survey.services.passwords import hashed
from survey.services.sign_in import SignInResult, check_password, open_session
from tests.services.second_steps import digits, enrol, sign_in, try_code
from tests.services.world import World, at

TRIES = 6
NEW = hashed("một câu mới thật dài")


def at_once(work: Callable[[int], SignInResult | None]) -> list[SignInResult | None]:
    """What came of TRIES calls that begin together."""
    ready = Barrier(TRIES)

    def one(number: int) -> SignInResult | None:
        ready.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(TRIES) as pool:
        return list(pool.map(one, range(TRIES)))


def opened(results: list[SignInResult | None]) -> int:
    return sum(result is not None and result.opened for result in results)


def invited(world: World, channel: Channel) -> str:
    with world.database.writing() as session:
        account = world["clerk"].account_id
        return invite(session, account, by=None, channel=channel, purpose=Purpose.FIRST, clock=at())


def test_a_code_of_the_app_opens_one_session(world: World) -> None:
    secret, _ = enrol(world, "clerk")
    waiting = [sign_in(world, "clerk") for _ in range(TRIES)]
    assert opened(at_once(lambda number: try_code(world, waiting[number], digits(secret)))) == 1


def test_a_recovery_code_opens_one_session(world: World) -> None:
    _, codes = enrol(world, "clerk")
    waiting = [sign_in(world, "clerk") for _ in range(TRIES)]
    assert opened(at_once(lambda number: try_code(world, waiting[number], codes[0]))) == 1


def test_a_link_is_accepted_once(world: World) -> None:
    token = invited(world, Channel.MAIL)

    def accept(_number: int) -> SignInResult | None:
        with world.database.writing() as session:
            return accept_link(session, token, NEW, clock=at())

    assert opened(at_once(accept)) == 1


def test_a_letters_code_is_accepted_once(world: World) -> None:
    code = invited(world, Channel.LETTER)

    def accept(_number: int) -> SignInResult | None:
        with world.database.writing() as session:
            return accept_letter(session, "clerk", code, NEW, clock=at())

    assert opened(at_once(accept)) == 1


def wrong_password(world: World) -> SignInResult:
    with world.database.writing() as session:
        checked = check_password(session, "clerk", "sai", clock=at())
        return open_session(session, checked, clock=at())


def test_right_codes_open_beside_wrong_passwords(world: World) -> None:
    _, codes = enrol(world, "clerk")
    waiting = [sign_in(world, "clerk") for _ in range(TRIES)]
    try_code(world, waiting[0], "000000")  # so that there is a count to hold

    def one_way(number: int) -> SignInResult:
        return wrong_password(world) if number % 2 else try_code(world, waiting[number], codes[number])

    assert [result is not None and result.opened for result in at_once(one_way)] == [True, False] * (TRIES // 2)


def test_a_link_opens_beside_wrong_passwords(world: World) -> None:
    token = invited(world, Channel.MAIL)
    wrong_password(world)

    def one_way(number: int) -> SignInResult | None:
        if number:
            return wrong_password(world)
        with world.database.writing() as session:
            return accept_link(session, token, NEW, clock=at())

    assert [result is not None and result.opened for result in at_once(one_way)] == [True] + [False] * (TRIES - 1)
