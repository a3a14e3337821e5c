"""What a log of a crash tells, and what it must not."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from core.log import Style, configure


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_names_the_error_and_shows_no_variables(
    style: Style, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("info", style)
    planted = "41111111" + "11111111"
    try:
        raise ZeroDivisionError(len(planted))
    except ZeroDivisionError:
        structlog.stdlib.get_logger("a test").exception("it broke")
    written = capsys.readouterr().err
    assert "ZeroDivisionError" in written
    assert planted not in written


class Odd:
    def __repr__(self) -> str:
        return "Odd(4242 4242 4242 4242)"


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize(
    "planted",
    [
        "4242424242424242",
        "four two four two four two four two four two four two four two four two",
        4242424242424242,
        {"inner": ["4242-4242-4242-4242"]},
        Odd(),
        b"4242424242424242",
    ],
)
def test_a_card_number_in_a_field_is_not_written(
    style: Style, planted: object, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("info", style)
    structlog.stdlib.get_logger("a test").info("heard", said=planted, amount_minor=123456)
    written = capsys.readouterr().err
    assert "[card number]" in written
    assert "4242" not in written
    assert "four two" not in written
    assert "123456" in written


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_card_number_in_an_error_or_a_library_s_words_is_not_written(
    style: Style, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("info", style)
    try:
        raise ValueError("no such card: 4242 4242 4242 4242")
    except ValueError:
        logging.getLogger("library").exception("could not charge %s", "4242424242424242")
    written = capsys.readouterr().err
    assert "no such card" in written
    assert "4242" not in written
