"""The keys of a call one after another, for tests that wait for them."""

from collections import deque
from weakref import WeakKeyDictionary

import anyio

from core.digits import Keypress
from pbx.keys import Keys


class _Pressed:
    def __init__(self) -> None:
        self._waiting: deque[Keypress] = deque()
        self._came = anyio.Event()

    def take(self, key: Keypress) -> None:
        self._waiting.append(key)
        self._came.set()

    async def next(self) -> Keypress:
        while not self._waiting:
            self._came = anyio.Event()
            await self._came.wait()
        return self._waiting.popleft()


_followed: WeakKeyDictionary[Keys, _Pressed] = WeakKeyDictionary()


async def next_key(keys: Keys) -> Keypress:
    """The next key; from the first time on which it is asked for, all come here."""
    if keys not in _followed:
        _followed[keys] = _Pressed()
        keys.follow(_followed[keys].take)
    return await _followed[keys].next()
