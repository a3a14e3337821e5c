"""The disk that the line keeps its sounds on is full: it starts, speaks, and is paid."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from node.stack.stack import Wish
from tests.integration.line.listening import sounding_s
from tests.integration.line.rig import PAID_ONCE, QUICKLY, TONE_HZ, VOICE_S, Rig, rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_DISK_BYTES: Final = 192 << 10  # of thirty beeps: less than the line says before its first call
_MEMORY: Final = Path("/dev/shm")
_FULL: Final = "a sound cannot be kept; others are forgotten"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of that size in memory, mounted at a folder."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)]
    told = subprocess.run(mount, capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip(f"no small disk can be mounted here: {told.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the line below keeps its sounds."""
    with small_disk(tmp_path_factory.mktemp("full") / "line" / "data" / "prompts") as folder:
        yield folder


@pytest.fixture(scope="module")
async def line(disk: Path) -> AsyncIterator[Rig]:
    """A line whose sounds do not fit on their disk."""
    async with rig(disk.parents[2], Wish()) as one:
        yield one


async def test_a_line_whose_sounds_do_not_fit_on_their_disk_starts_speaks_and_is_paid(line: Rig) -> None:
    await _pays_and_hears_everything(line)
    assert _FULL in [entry["event"] for entry in line.log()]


async def test_on_a_disk_that_others_have_filled_a_call_is_spoken_to_from_memory(
    line: Rig, disk: Path
) -> None:
    for sound in disk.iterdir():
        sound.unlink()
    _fill(disk / "of-others")
    before = set(disk.glob("*.ulaw"))
    await _pays_and_hears_everything(line)
    assert set(disk.glob("*.ulaw")) <= before
    folder = sha256(str(disk.absolute()).encode()).hexdigest()[:12]
    assert list((_MEMORY / f"tellerline-{folder}").glob("*.ulaw"))


async def _pays_and_hears_everything(line: Rig) -> None:
    """One call; the telephone received as much of the voice as the line says that it has said."""
    caller, account = line.number(), await line.bill()
    async with line.phone(caller) as phone:
        await phone.dial("1000", 20)
        await line.asked(phone, caller, "ask_account", f"{account}#")
        await line.asked(phone, caller, "ask_how_much", "1")
        await line.pays_by_card(phone, caller)
        await line.said(caller, "hear_again", within_s=30)
        await phone.press("1", QUICKLY)
        await phone.closed()
        await line.ended(caller)
        heard_s = sounding_s(phone.received.between(0, 120), TONE_HZ)
    await line.settled(account, PAID_ONCE)
    told = [fact["body"] for fact in await line.facts(caller) if fact["kind"] == "said_all"]
    whole = [one["prompt"] for one in told if not one["interrupted"]]
    assert "paid" in whole
    assert heard_s >= 0.8 * VOICE_S * len(whole), f"{heard_s:.2f} s of {whole}"


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            return
