"""Figures that a process beside the bench measured come into its table; those that are missing are missed."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import anyio
import pytest
from rich.console import Console

from tests.load.figure import Figure
from tests.load.frame import Frame
from tests.load.timeless import Timeless

pytestmark = pytest.mark.anyio


async def test_its_figures_are_taken_and_the_others_are_missed(tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    told.write_text("  the soak took its time\n")
    figures = tmp_path / "figures.jsonl"
    figure = Figure("soak.rss_growth_mb", 12.8, "MB", 66.0, "resident before")
    figures.write_text(f"{json.dumps(asdict(figure))}\n")
    screen = io.StringIO()
    frame = Frame(Console(file=screen), tmp_path / "bench.json", lambda: "2 cores")
    async with await anyio.open_process(["true"]) as process:
        await Timeless(process, figures, told).into(frame)
    assert frame.figures == [figure]
    assert "soak.rss_growth_mb" not in frame.broken
    assert {"asr.", "fraud.auc", "routing.regret_pct"} <= frame.broken.keys()
    assert "the soak took its time" in screen.getvalue()
