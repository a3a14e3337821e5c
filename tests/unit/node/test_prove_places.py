"""A place is clean when it was read, and held the control and nothing else."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest

from node.prove.canary import Canary, new_canary
from node.prove.goertzel import WINDOWS, held, keys_heard
from node.prove.memory import memory
from node.prove.places import Haystack, Keyed, Place, Search, Searched, file, files_below, told
from node.prove.processes import Processes
from node.prove.trails import TRAIL

CONTROL, CARD = new_canary("control", Random(1)), new_canary("card", Random(2))


def look(*haystacks: Haystack, keyed: tuple[Keyed, ...] = ()) -> Searched:
    search = Search(CONTROL, (CARD,), time.monotonic)
    return search.look(Place("here", "planted", lambda: haystacks, lambda: keyed))


def holding(*cards: Canary) -> Haystack:
    return told("text", b" ".join(card.number.encode() for card in cards))


def test_a_place_with_the_control_alone_is_clean() -> None:
    assert look(holding(CONTROL)).clean


def test_a_place_with_a_card_is_not() -> None:
    searched = look(holding(CONTROL, CARD))
    assert not searched.clean
    assert [(leak.canary, leak.where) for leak in searched.leaks] == [("card", "text")]


def test_a_place_without_its_control_was_not_searched() -> None:
    assert not look(holding()).clean


def test_a_place_with_nothing_in_it_was_not_searched() -> None:
    assert not look().clean


def test_what_cannot_be_read_is_a_failure() -> None:
    def refused() -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    searched = look(holding(CONTROL), Haystack("closed", refused))
    assert not searched.clean
    assert searched.unreadable == ("closed: Permission denied",)


def test_a_file_that_goes_away_meanwhile_holds_nothing(tmp_path: Path) -> None:
    searched = look(holding(CONTROL), file(tmp_path / "gone"))
    assert searched.clean
    assert searched.items == 1


def test_keys_that_are_heard_are_a_find() -> None:
    def heard(card: Canary) -> Keyed:
        return Keyed("sound", tuple(keys_heard(held(card.keys), windows) for windows in WINDOWS))

    assert look(keyed=(heard(CONTROL),)).clean
    assert look(keyed=(heard(CONTROL), heard(CARD))).leaks


def test_a_control_that_must_be_found_in_a_certain_way_is_missed_otherwise() -> None:
    search = Search(CONTROL, (CARD,), time.monotonic)
    searched = search.look(Place("log", "written", lambda: [holding(CONTROL)], ways=frozenset({TRAIL})))
    assert not searched.clean
    lines = "\n".join(f'"key": "{key}"' for key in CONTROL.keys).encode()
    searched = search.look(Place("log", "written", lambda: [told("log", lines)], ways=frozenset({TRAIL})))
    assert searched.clean


def test_a_planted_recording_in_which_nothing_is_heard_is_a_missed_control() -> None:
    heard = Keyed("whole", (CONTROL.keys,), planted=True)
    assert look(keyed=(heard,)).clean
    assert not look(keyed=(heard, Keyed("edges", ("",), planted=True))).clean


def test_files_below_a_folder_are_all_searched_but_what_is_left_out(tmp_path: Path) -> None:
    for name in ("a/one", "a/b/two", "vendor/three"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a/one")
    found = [Path(one.label) for one in files_below(tmp_path, without=[tmp_path / "vendor"])]
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a/b/two", "a/one"]


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the control in its memory, arguments and environment."""
    program = "import sys; held = bytearray(sys.argv[1], 'ascii') * 3; print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, CONTROL.number]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"CARD": CARD.number}
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_the_memory_of_a_process_is_read_to_its_end(other: subprocess.Popen[bytes]) -> None:
    regions = list(memory(other.pid))
    searched = look(*regions)
    assert searched.controls
    assert {leak.canary for leak in searched.leaks} == {"card"}  # the environment lies on the stack
    assert not searched.unreadable
    assert searched.items == len(regions) > 10
    assert searched.size_bytes > 1 << 20


def test_arguments_and_environment_of_descendants_are_seen(other: subprocess.Popen[bytes]) -> None:
    processes = Processes(os.getpid())
    processes.look()
    [seen] = [content for content, name in processes.seen.items() if name.endswith(f"process {other.pid}")]
    assert CONTROL.number.encode() in seen
    assert CARD.number.encode() in seen
    assert not any(name.endswith(f"process {os.getpid()}") for name in processes.seen.values())


def test_a_haystack_is_counted_in_bytes() -> None:
    assert (
        look(Haystack("zeros", lambda: io.BytesIO(bytes(3_000_000))), holding(CONTROL)).size_bytes
        == 3_000_016
    )
