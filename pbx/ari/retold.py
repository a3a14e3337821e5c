"""Keys that Asterisk tells twice: which of its events are the same press once more.

Asterisk wants a key to last 80 ms as they arrive, and 45 ms between two (main/channel.c). What comes closer,
after a stutter of the network or of the machine, is put off until there is room, and ChannelDtmfReceived is
raised when it comes and once more when it is taken up. The second event differs in its time only.
"""

from dataclasses import dataclass
from typing import Final

_SHORTEST_MS: Final = 80  # of a key, as Asterisk has it
_PAUSE_MS: Final = 45  # between two
_LATE_MS: Final = 60  # that Asterisk may be with what it put off
_SOONER_MS: Final = 20  # than it was held and this, no key follows another unless it was held up
_LONG_MS: Final = 400  # for a key to be held up behind it that came at its own pace
_AT_ONCE_MS: Final = 55  # in less no finger presses a key again


@dataclass(frozen=True, slots=True)
class _Told:
    """A press that may come again until then."""

    digit: str
    held_ms: int
    until_ms: int
    from_ms: int = 0


class Retold:
    """One channel's. Times are Asterisk's own."""

    def __init__(self) -> None:
        self._expected: list[_Told] = []
        self._last_ms = self._busy_ms = self._long_until_ms = -(1 << 60)
        self._behind_long: _Told | None = None

    def is_again(self, digit: str, held_ms: int, at_ms: int, *, playing: bool) -> bool:
        """Whether this event is a press that was told before, in the order in which they come.

        While something is `playing` to the channel, Asterisk puts no key off.
        """
        self._expected = [one for one in self._expected if one.until_ms >= at_ms]
        before, self._last_ms = self._last_ms, at_ms
        lasts_ms = max(held_ms, _SHORTEST_MS)
        if self._waited_for_long(digit, held_ms, at_ms, playing=playing):
            self._busy_ms = at_ms + lasts_ms
            return True
        for one in self._expected:
            if (one.digit, one.held_ms) == (digit, held_ms):
                self._expected.remove(one)
                self._busy_ms = at_ms + lasts_ms
                return True
        until_ms = at_ms + min(_AT_ONCE_MS, held_ms)
        if not playing and self._was_put_off(at_ms, before, held_ms):
            begins_ms = max(self._busy_ms, at_ms) + _PAUSE_MS
            until_ms = max(until_ms, begins_ms + _LATE_MS)
            self._busy_ms = begins_ms + lasts_ms
        else:
            self._busy_ms = at_ms + (0 if playing else lasts_ms)
        self._expected.append(_Told(digit, held_ms, until_ms))
        return False

    def _waited_for_long(self, digit: str, held_ms: int, at_ms: int, *, playing: bool) -> bool:
        """Whether it is the first key after one that was held long, told again once Asterisk has held that.

        Asterisk does that when it missed the beginning of the long one. Only one key is told meanwhile: when
        another comes in time, none was put off.
        """
        waits, self._behind_long = self._behind_long, None
        if waits is not None and waits.from_ms <= at_ms <= waits.until_ms:
            return (waits.digit, waits.held_ms) == (digit, held_ms)
        begins_ms = self._long_until_ms + _PAUSE_MS
        if waits is None and not playing and at_ms < self._long_until_ms:
            self._behind_long = _Told(digit, held_ms, begins_ms + _LATE_MS, begins_ms - _SOONER_MS)
        self._long_until_ms = at_ms + held_ms if held_ms > _LONG_MS and not playing else -(1 << 60)
        return False

    def _was_put_off(self, at_ms: int, before_ms: int, held_ms: int) -> bool:
        """Whether it came sooner after the key before than it can have been pressed."""
        too_soon = at_ms - before_ms < held_ms + _SOONER_MS
        return too_soon and at_ms < self._busy_ms + _PAUSE_MS + _SOONER_MS
