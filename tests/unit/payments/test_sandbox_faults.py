"""Troubles of the sandbox, as a command line has them."""

import pytest
from click.testing import CliRunner

from core.errors import BadInput
from node.commands.sandbox import sandbox
from payments.sandbox.books import Books
from payments.sandbox.faults import Fault, Trouble, from_words


@pytest.mark.parametrize(
    ("written", "trouble", "times"),
    [
        ("lie", Trouble(Fault.LIE), 1),
        ("outage seconds=30", Trouble(Fault.OUTAGE, seconds=30), 1),
        ("500 path=/v1/refunds times=3", Trouble(Fault.ERROR_500, "/v1/refunds"), 3),
    ],
)
def test_a_trouble_is_read_from_words(written: str, trouble: Trouble, times: int) -> None:
    assert from_words(written) == (trouble, times)


@pytest.mark.parametrize("written", ["flood", "slow seconds=long", "lie times"])
def test_a_trouble_that_makes_no_sense_is_refused(written: str) -> None:
    with pytest.raises(BadInput):
        from_words(written)


def test_the_command_refuses_one_before_it_starts() -> None:
    ended = CliRunner().invoke(sandbox, ["--fault", "flood"])
    assert isinstance(ended.exception, BadInput)
    assert "outage" in CliRunner().invoke(sandbox, ["--help"]).output


def test_what_is_denied_stands_nowhere() -> None:
    books = Books()
    books.keep({"id": "ch_1", "object": "charge", "paid": False})
    with books.denied():
        books.keep({"id": "ch_1", "object": "charge", "paid": True})
        books.keep({"id": "ch_2", "object": "charge"})
        books.answer("key_1", {"status": 200})
    assert books.listed("charge") == [{"id": "ch_1", "object": "charge", "paid": False}]
    assert books.answers == {}
