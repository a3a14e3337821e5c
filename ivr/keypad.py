"""The caller's keys in order: pressed ahead of a question they wait for it, and none is lost."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Final

import anyio

from core.digits import POUND, Keypress
from pbx.keys import Keys

LIMIT: Final = 256  # more than a hand presses during one prompt; what is beyond it is dropped

_LONGEST_BURST_S: Final = 5.0


class Keypad:
    """Keys of one call, taken as they come.

    A wait that is cancelled (a deadline, a hang-up) never takes a key with it: keys leave only by `press`.
    """

    def __init__(self, keys: Keys) -> None:
        self._ahead: deque[Keypress] = deque()
        self._came = anyio.Event()
        self._interrupts: anyio.CancelScope | None = None
        self._late_pound = False
        keys.follow(self._take)

    @property
    def pressed_ahead(self) -> bool:
        """Whether a key waits."""
        return bool(self._ahead)

    async def came(self) -> None:
        """Wait until a key waits."""
        while not self._ahead:
            await self._came.wait()

    async def press(self, within_s: float) -> Keypress | None:
        """The next key; None when none comes within that time."""
        if not self._ahead:
            with anyio.move_on_after(within_s):
                await self._came.wait()
        return self._ahead.popleft() if self._ahead else None

    async def changed(self) -> None:
        """Wait until another key comes."""
        await self._came.wait()

    def leading(self, code: int) -> int:
        """How many of the keys that wait are this one, counted from the first."""
        return sum(1 for _ in takewhile(lambda key: key.code == code, self._ahead))

    def put_back(self, key: Keypress) -> None:
        """The key that was taken last answers another question: it is the next one again."""
        self._ahead.appendleft(key)

    @contextmanager
    def interrupting(self, scope: anyio.CancelScope) -> Iterator[None]:
        """While it lasts, the next key cancels the scope (and is kept)."""
        self._interrupts = scope
        if self._ahead:
            scope.cancel()
        try:
            yield
        finally:
            self._interrupts = None

    def forget(self) -> None:
        """Drop what was pressed ahead: it answered something else than what is asked now."""
        self._ahead.clear()

    async def forget_burst(self, pause_s: float) -> None:
        """Drop what was pressed ahead, and what follows it without a pause; no longer than 5 s."""
        with anyio.move_on_after(_LONGEST_BURST_S):
            while self._ahead:
                self._ahead.clear()
                if (key := await self.press(pause_s)) is not None:
                    self.put_back(key)
        self._ahead.clear()

    def forgive_pound(self) -> None:
        """An answer was taken: a `#` that comes next belongs to it, late or doubled, and is dropped."""
        if self._ahead and self._ahead[0].code == POUND:
            self._ahead.popleft()
        elif not self._ahead:
            self._late_pound = True

    def _take(self, key: Keypress) -> None:
        late, self._late_pound = self._late_pound, False
        if (late and key.code == POUND) or len(self._ahead) == LIMIT:
            return
        self._ahead.append(key)
        self._came.set()
        self._came = anyio.Event()
        if self._interrupts is not None:
            self._interrupts.cancel()
