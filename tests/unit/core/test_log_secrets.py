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
