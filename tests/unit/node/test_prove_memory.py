"""Who may search the memory of a controller that keeps it to itself, and what is said where nobody may."""

from pathlib import Path

import pytest

from node.prove.line import ProvenLine
from node.prove.memory import reads_closed


def proc(folder: Path, capabilities: str) -> Path:
    (folder / "self").mkdir()
    (folder / "self" / "status").write_text(
        f"Name:\tpython\nCapPrm:\t0000\nCapEff:\t{capabilities}\nUid:\t0\n"
    )
    return folder


@pytest.mark.parametrize(
    ("capabilities", "reads"),
    [("000001ffffffffff", True), ("0000000000080000", True), ("0000000000000000", False)],
)
def test_root_may_search_closed_memory_and_nobody_else(
    tmp_path: Path, capabilities: str, reads: bool
) -> None:
    assert reads_closed(proc(tmp_path, capabilities)) is reads


@pytest.mark.parametrize("reads", [True, False])
def test_the_controller_leaves_its_memory_open_only_to_a_search_that_is_not_roots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: bool
) -> None:
    monkeypatch.setattr("node.prove.line.reads_closed", lambda: reads)
    line = ProvenLine(tmp_path / "prove")
    assert line.left_readable is not reads
    assert line.stack.environment["TELLERLINE_LINE_READABLE_MEMORY"] == str(not reads).lower()
