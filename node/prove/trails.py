"""Keys that were written down one by one: a digit a line, in order, between other lines.

`DTMF end '4' received on PJSIP/callers-00000003` sixteen times is a card number too. Lines of the same form
are put together, and the digits that stand alone in them are read from top to bottom.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from node.prove.canary import WINDOW, Canary, windows
from node.prove.scan import Find

TRAIL = "one digit a line"

_ALONE = re.compile(rb"(?<![0-9A-Za-z.:\-_/])([0-9])(?![0-9A-Za-z.:\-_/])")
_VARIES = re.compile(rb"[0-9a-fA-Fx]*[0-9][0-9a-fA-Fx.:]*")
_WHOSE = re.compile(rb"PJSIP/[\w.+-]+?-[0-9a-f]{8}|\b\d{10}\.\d+\b|\bcall_\w+")
_LINE = re.compile(rb"[\r\n]+|(?=\{)")  # lists of objects on one line are lines too
_LONGEST_LINE = 1 << 16


def trails(text: bytes) -> Iterator[str]:
    """The rows of digits that a text holds, for every form of line and every place in it where one stands.

    Calls that ran at once are told apart by the names of their channels, where the lines have them.
    """
    rows: defaultdict[tuple[bytes, bytes, int], list[str]] = defaultdict(list)
    for line in _LINE.split(text):
        if len(line) > _LONGEST_LINE or not (alone := _ALONE.findall(line)):
            continue
        whose = _WHOSE.search(line)
        form = _VARIES.sub(b"#", _WHOSE.sub(b"", line))
        for place, digit in enumerate(alone):
            rows[form, b"", place].append(digit.decode())
            if whose is not None:
                rows[form, whose[0], place].append(digit.decode())
    yield from ("".join(row) for row in rows.values() if len(row) >= WINDOW)


class Tracker:
    """Finds canaries in rows of digits."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._pieces = {piece: canary for canary in canaries for piece in windows(canary)}

    def find(self, text: bytes) -> Iterator[Find]:
        """The canaries whose keys stand one by one in a text; `at` is 0, as they stand in many places."""
        found = {
            self._pieces[piece]
            for row in trails(text)
            for at in range(len(row) - WINDOW + 1)
            if (piece := row[at : at + WINDOW]) in self._pieces
        }
        yield from (Find(canary, TRAIL, 0) for canary in sorted(found, key=lambda one: one.name))
