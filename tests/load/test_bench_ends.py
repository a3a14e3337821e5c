"""A bench that is ended, by whatever signal, leaves no Asterisk and no PostgreSQL behind."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import psutil
import pytest
from anyio.abc import Process

from node.parts.folder import local_folder
from tests.load.remains import end_remains

pytestmark = [pytest.mark.anyio, pytest.mark.load]

_WITHIN_S = 60.0


def _below(folder: Path) -> set[str]:
    """Which of the two run with a path of the folder."""
    found = set[str]()
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if any(f"{folder}/" in word for word in words):
            found |= {
                name for name in ("asterisk", "postgres") for word in words if word.endswith(f"/{name}")
            }
    return found


@asynccontextmanager
async def _started(folder: Path) -> AsyncIterator[Process]:
    """A bench whose Asterisk and PostgreSQL are up."""
    folder.mkdir()
    (folder / "parts").symlink_to(local_folder() / "parts")
    environment = {**os.environ, "TELLERLINE_LOCAL": str(folder)}
    command = [sys.executable, "-m", "tests.load.bench", "start"]
    bench = await anyio.open_process(command, env=environment, stdin=None, stdout=None, stderr=None)
    try:
        with anyio.fail_after(_WITHIN_S):
            while len(_below(folder / "bench")) < 2:  # noqa: ASYNC110 - another process
                await anyio.sleep(0.1)
        yield bench
    finally:
        if bench.returncode is None:
            bench.kill()
        await end_remains([folder / "bench"])


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_what_was_started(tmp_path: Path, ends: signal.Signals) -> None:
    async with _started(tmp_path / "local") as bench:
        bench.send_signal(ends)
        with anyio.fail_after(_WITHIN_S):
            assert await bench.wait() == 1
        assert not _below(tmp_path / "local" / "bench")


async def test_what_a_killed_bench_left_is_ended_by_the_next(tmp_path: Path) -> None:
    async with _started(tmp_path / "local") as bench:
        bench.kill()
        await bench.wait()
        assert "asterisk" in _below(tmp_path / "local" / "bench")
        assert await end_remains([tmp_path / "local" / "bench"])
        assert not _below(tmp_path / "local" / "bench")
