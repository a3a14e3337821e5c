"""Whoever adds a library says why: each stands in the decision about what we depend on."""

import re
import tomllib
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def _declared() -> set[str]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {match[0].lower() for line in lines if (match := _NAME.match(line))}
    return names - {"tellerline"}


def _unexplained(page: str) -> set[str]:
    said = set(_NAME.findall(page.lower()))
    return {name for name in _declared() if name not in said}


def test_every_dependency_has_a_line() -> None:
    assert _unexplained((_ROOT / "docs" / "adr" / "0002-dependencies.md").read_text("utf-8")) == set()


def test_one_without_a_line_is_found() -> None:
    assert "aiohttp" in _unexplained("| pydantic | the edges |")
