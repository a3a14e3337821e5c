"""How long a capture goes on that comes no further."""

import anyio


class Patience:
    """Cancels its `scope` when no new mark was reached for `idle_s`.

    A mark is how far the caller is: the place of the field, and the digits in it. Clearing a field and
    keying it in again reaches nothing new.
    """

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._furthest = (0, 0)
        self.scope = anyio.CancelScope(deadline=anyio.current_time() + idle_s)

    def reached(self, mark: tuple[int, int]) -> None:
        """The caller is there now."""
        if mark > self._furthest:
            self.begin_again(mark)

    def begin_again(self, mark: tuple[int, int]) -> None:
        """The caller was sent there: what follows counts from here."""
        self._furthest = mark
        self.scope.deadline = anyio.current_time() + self._idle_s
