"""How late an event loop is: so long does whatever is ready wait for its turn."""

from collections import deque
from statistics import median
from typing import Final

import anyio

_EVERY_S: Final = 0.1
_SAMPLES: Final = 20  # two seconds: one long turn is not yet a crowd


class Lag:
    """Measured ten times a second, in the loop that `run` runs in."""

    def __init__(self) -> None:
        self._late = deque([0.0], maxlen=_SAMPLES)

    @property
    def typical_s(self) -> float:
        """The median of the last two seconds."""
        return median(self._late)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            due = anyio.current_time() + _EVERY_S
            await anyio.sleep_until(due)
            self._late.append(anyio.current_time() - due)
