"""What would change: a unified diff of the files, its passwords hidden."""

import difflib
import re
from collections.abc import Mapping

_SECRET = re.compile(r"^(?P<key>\s*password\s*=\s*)(?P<value>.*)$", re.MULTILINE)


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The unified diff from `old` to `new`, file by file; empty when they are the same.

    A password is shown as `***`, and as `*** (new)` where it was not among the old ones.
    """
    known = {match["value"] for text in old.values() for match in _SECRET.finditer(text)}
    lines: list[str] = []
    for name in sorted({*old, *new}):
        lines += difflib.unified_diff(
            masked(old.get(name, ""), known).splitlines(),
            masked(new.get(name, ""), known).splitlines(),
            f"current/{name}",
            f"new/{name}",
            lineterm="",
        )
    return "".join(f"{line}\n" for line in lines)


def masked(text: str, known: set[str] | None = None) -> str:
    """The text of a file with its passwords hidden; with `known`, others are marked as new."""

    def mask(match: re.Match[str]) -> str:
        new = known is not None and match["value"] not in known
        return f"{match['key']}***{' (new)' if new else ''}"

    return _SECRET.sub(mask, text)
