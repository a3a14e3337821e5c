"""A press that is told twice counts once: some phones send RFC 4733 and SIP INFO both."""

from typing import Final

from core.digits import Keypress

_SHORTEST_PRESS_MS: Final = 40  # of a tone, for a receiver to take it (ITU-T Q.24)


class Once:
    """Looks at one capture's keys, in order."""

    def __init__(self) -> None:
        self._last: Keypress | None = None

    def is_again(self, key: Keypress) -> bool:
        """Whether it is the press before once more.

        The same key cannot be pressed anew before it was let go: a second press of it that begins before the
        first one ends is no press.
        """
        last, self._last = self._last, key
        if last is None or last.code != key.code:
            return False
        return key.at_ms - last.at_ms < max(key.held_ms, _SHORTEST_PRESS_MS)
