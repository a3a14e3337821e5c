"""A press that is told twice counts once: some phones send RFC 4733 and SIP INFO both."""

from typing import Final

from core.digits import Keypress

_SHORTEST_PRESS_MS: Final = 40  # of a tone, for a receiver to take it (ITU-T Q.24)


class Once:
    """Looks at one capture's keys, in order."""

    def __init__(self) -> None:
        self._last: Keypress | None = None

    def is_again(self, key: Keypress) -> bool:
        """Whether it is the press before once more: the same key, let go again sooner than any tone lasts.

        How long a key is said to have been held does not count: a SIP INFO names a length that nobody
        measured, and Asterisk stretches short tones.
        """
        last, self._last = self._last, key
        return last is not None and last.code == key.code and key.at_ms - last.at_ms < _SHORTEST_PRESS_MS
