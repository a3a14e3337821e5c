"""The reference pages of settings, tables and the API, written from the code itself."""

from pathlib import Path
from typing import get_args, get_type_hints

from api import codes
from api import role_matrix as roles
from core.settings import Key, keys
from db import reference as tables
from node.opened import every_route
from node.opened import reference as openapi
from node.settings import Settings

_HEAD = """# Settings

Read from `tellerline.toml` in the working folder (or the file that `--settings` names), then from the
environment, which goes first. Every mistake is told at once, with its key, and nothing is started. This page
is written from the code by `python -m node.reference`.
"""


def page() -> str:
    """The page, in Markdown."""
    sections = []
    for name, part in get_type_hints(Settings).items():
        rows = [_row(key) for key in keys(Settings) if key.name.startswith(name + ".")]
        table = ["| key | environment | default | what |", "|---|---|---|---|", *rows]
        sections.append(f"## [{name}] {part.__doc__}\n\n" + "\n".join(table) + "\n")
    return _HEAD + "\n" + "\n".join(sections)


def _row(key: Key) -> str:
    default = ", ".join(key.default) if isinstance(key.default, tuple) else str(key.default)
    return f"| `{key.name}` | `{key.env}` | `{default or '(empty)'}` | {key.limits.about}{_choices(key)} |"


def _choices(key: Key) -> str:
    choices = [choice for choice in get_args(key.type) if isinstance(choice, str)]
    if choices:
        return " One of " + ", ".join(f"`{choice}`" for choice in choices) + "."
    low, high = key.limits.at_least, key.limits.at_most
    return f" {low:g} to {high:g}." if low is not None and high is not None else ""


def write(folder: Path) -> None:
    """Write all of them."""
    pages = {
        "settings.md": page(),
        "tables.md": tables.page(),
        "openapi.json": openapi(),
        "roles.md": roles.page(every_route()),
        "problems.md": codes.page(),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(__file__).parents[1] / "docs" / "reference")
