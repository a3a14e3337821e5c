"""Lines of Asterisk's configuration language, written so that no value can leave its line.

The language: https://docs.asterisk.org/Fundamentals/Asterisk-Configuration/Asterisk-Configuration-Files/
"""

import re
from collections.abc import Iterable, Sequence

from core.errors import BadInput
from dialplan.words import one_line

Setting = tuple[str, str | int | bool | None]

MARK = "; from "
_SECTION = re.compile(r"[A-Za-z0-9_+./-]+")


def section(name: str, settings: Iterable[Setting], source: str = "") -> list[str]:
    """A `[name]` with its `key = value` lines and an empty line after; settings of None are left out.

    `source` is the key of the admin's file that it comes from, kept as a comment for complaints to find back.
    """
    if _SECTION.fullmatch(name) is None:
        raise BadInput(f"a section cannot be named {name!r}: use letters, digits, -, _, +, . and /")
    written = [setting(key, value) for key, value in settings if value is not None]
    return [*mark(source), f"[{name}]", *written, ""]


def setting(key: str, value: str | int | bool) -> str:
    """One `key = value` line. Raises BadInput for a value that is more than one line."""
    return f"{key} = {escaped(_plain(value))}"


def escaped(value: str) -> str:
    """The value as it stands in a file: `;` would begin a comment, so it gets a backslash."""
    try:
        return one_line(value).replace(";", "\\;")
    except ValueError as problem:
        raise BadInput(f"a value {problem}") from None


def mark(source: str) -> list[str]:
    """The comment that says which key of the admin's file the next lines come from."""
    return [f"{MARK}{source}"] if source else []


def steps(extension: str, applications: Sequence[str], source: str = "") -> list[str]:
    """An extension of the dialplan, its applications one after another."""
    first, *rest = applications
    lines = [f"exten => {extension},1,{first}", *(f" same => n,{application}" for application in rest)]
    return [*mark(source), *lines]


def _plain(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
