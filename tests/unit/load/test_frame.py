"""The bench measures what it can: one part that breaks costs its own figures alone."""

import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
from rich.console import Console

from core.errors import StoreLost
from tests.load.figure import Figure
from tests.load.frame import Frame, told

pytestmark = pytest.mark.anyio


@pytest.fixture
def frame(tmp_path: Path) -> Frame:
    return Frame(Console(file=io.StringIO()), tmp_path / "bench.json", lambda: "2 cores", longest_s=0.05)


def _gives(*names: str) -> Callable[[], Awaitable[list[Figure]]]:
    async def part() -> list[Figure]:
        return [Figure(name, 1.0, "ms", 2.0, "the demand") for name in names]

    return part


async def _breaks() -> list[Figure]:
    raise ExceptionGroup("of a task group", [StoreLost("the database is gone")])


async def test_a_part_that_breaks_leaves_the_figures_of_the_others(frame: Frame) -> None:
    assert not await frame.measure(["a.x"], _breaks)
    assert await frame.measure(["b.y"], _gives("b.y"))
    assert frame.broken == {"a.x": "the database is gone"}
    assert [one.name for one in frame.figures] == ["b.y"]


async def test_a_part_that_hangs_is_given_up(frame: Frame) -> None:
    async def hangs() -> list[Figure]:
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    assert not await frame.measure(["a.x"], hangs)
    assert "longer than" in frame.broken["a.x"]


async def test_a_figure_that_a_part_forgets_is_missed(frame: Frame) -> None:
    assert not await frame.measure(["a.x", "a.y"], _gives("a.x"))
    assert set(frame.broken) == {"a.y"}


async def test_a_name_that_ends_in_a_point_wants_one_figure_or_more(frame: Frame) -> None:
    assert await frame.measure(["asr."], _gives("asr.vosk.digits.wer"))
    assert not await frame.measure(["asr."], _gives())


async def test_a_figure_is_kept_as_soon_as_it_is_known(frame: Frame) -> None:
    await frame.measure(["b.y"], _gives("b.y"))
    await frame.measure(["a.x"], _breaks)
    kept = json.loads(frame.file.read_text())
    assert kept == {
        "b.y": {"value": 1.0, "unit": "ms", "baseline": 2.0, "of": "the demand", "machine": "2 cores"}
    }


def test_an_error_that_is_not_ours_is_told_with_its_kind() -> None:
    assert told(ZeroDivisionError()) == "ZeroDivisionError: no words"
