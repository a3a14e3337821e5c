"""The house keeps its own rules: files stay small, names are ours alone, nothing speaks of a workplace."""

import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_ROOMS: list[str] = tomllib.loads((_ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"][
    "targets"
]["wheel"]["packages"]
_MOST_LINES = 320
_GENERATED = {"pbx/ari/model.py"}
# Hosts of package registries, and paths of a machine that is not the reader's.
_FOREIGN = re.compile(r"py" + r"pi\.org|python" r"hosted|deb\.debian\.org|registry\.npm" + r"js|/wo" + r"rk/")


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return [_ROOT / line for line in listed.stdout.splitlines()]


def _code() -> list[Path]:
    return [path for path in _tracked("*.py") if path.relative_to(_ROOT).parts[0] in _ROOMS]


def test_a_file_stays_small() -> None:
    long = {
        str(path.relative_to(_ROOT)): lines
        for path in _code()
        if (lines := len(path.read_text().splitlines())) > _MOST_LINES
        and str(path.relative_to(_ROOT)) not in _GENERATED
    }
    assert not long


def test_a_file_has_one_sentence() -> None:
    for path in _code():
        assert path.read_text().startswith('"""'), f"{path} begins with no docstring"


def test_a_package_file_holds_a_docstring_only() -> None:
    for path in _code():
        if path.name == "__init__.py":
            assert path.read_text().count("\n") == 1, f"{path} holds code"


@pytest.mark.parametrize("room", _ROOMS)
def test_no_installed_distribution_owns_a_room_of_ours(room: str) -> None:
    assert packages_distributions().get(room, ["tellerline"]) == ["tellerline"]


def test_nothing_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path.relative_to(_ROOT)}: {match[0]}"
        for path in _tracked()
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".lock", ".conf", ".html", ".ts", ""}
        and (match := _FOREIGN.search(path.read_text("utf-8", errors="replace")))
    ]
    assert not found
