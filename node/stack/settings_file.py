"""A private line's settings as a file, so that every command of ours can be pointed at that line."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from core.settings import keys
from node.settings import Settings


def write_settings(path: Path, environment: Mapping[str, str]) -> None:
    """Write what the environment says of our settings as TOML; only its owner may read it."""
    said = [(key.name, environment[key.env]) for key in keys(Settings) if key.env in environment]
    lines: list[str] = []
    for section, pairs in groupby(said, key=lambda pair: pair[0].partition(".")[0]):
        lines += [
            "",
            f"[{section}]",
            *(f"{name.partition('.')[2]} = {_quoted(value)}" for name, value in pairs),
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("# Written at each start of this private line.\n" + "\n".join(lines) + "\n")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
