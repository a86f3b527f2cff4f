"""Turns come in the order in which they were asked for."""

import threading
import time

import pytest

from survey.storage.turns import TurnNotCome, Turns


def test_turns_come_in_order() -> None:
    turns, order = Turns(), []

    def wait(number: int) -> None:
        with turns.take(10):
            order.append(number)

    threads = []
    with turns.take(1):
        for number in range(20):
            thread = threading.Thread(target=wait, args=(number,))
            thread.start()
            while len(turns._waiting) <= number:
                time.sleep(0.001)
            threads.append(thread)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    turns = Turns()

    def impatient() -> None:
        with pytest.raises(TurnNotCome), turns.take(0.05):
            pass

    with turns.take(1):
        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join()
    with turns.take(0.05):
        pass


def test_a_turn_is_given_back_by_a_failure() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.take(1):
        raise ZeroDivisionError
    with turns.take(0.05):
        pass
