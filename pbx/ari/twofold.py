"""Telephones that tell each key by RFC 4733 and by SIP INFO are found out, by how their keys come.

Asterisk takes both for keys of their own. One is told while the other is still going on, or it is held up by
45 ms and more, and the more of them wait, the less their order can be trusted: see `one_way`.
"""

from dataclasses import dataclass
from typing import Final

_NEAR_MS: Final = 190  # faster than people key in the same digit twice, again and again
_HELD_UP_MS: Final = 450  # the second way may be late by, once it is sure that there are two


@dataclass(slots=True)
class _Press:
    """The last key, as it was told first."""

    digit: str
    held_ms: int
    at_ms: int
    paired: bool = False


class Twofold:
    """One channel's keys, from its first, but for those that Asterisk told again; times are Asterisk's own.

    It is sure when a key is told again while it is held, for another time: a SIP INFO names a length that
    nobody measured. Keys as long as each other may be those of somebody who floods us. One key that is told
    once settles it: that telephone has one way, and each of its keys counts.
    """

    def __init__(self) -> None:
        self._last: _Press | None = None
        self._settled = False
        self.is_sure = False

    def is_again(self, digit: str, held_ms: int, at_ms: int) -> bool:
        """Whether this is the last press by the other way, in the order in which they come."""
        if self._settled:
            return False
        last = self._last
        if last is not None and digit == last.digit and not last.paired:
            late_ms, differs = at_ms - last.at_ms, held_ms != last.held_ms
            if self._is_pair(late_ms, held_ms, differs=differs):
                last.paired = True
                self.is_sure |= differs
                return self.is_sure
        if last is not None and not last.paired and not self.is_sure:
            self._settled = True
        self._last = _Press(digit, held_ms, at_ms)
        return False

    def settle(self) -> None:
        """From now on it has one way."""
        self._settled = True

    def _is_pair(self, late_ms: int, held_ms: int, *, differs: bool) -> bool:
        if differs:
            return late_ms < (_HELD_UP_MS if self.is_sure else held_ms)
        return late_ms < _NEAR_MS
