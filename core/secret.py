"""A few bytes that must not be seen: locked in memory, left out of core dumps, overwritten after use."""

import ctypes
import mmap
import os
import resource
from contextlib import suppress
from types import TracebackType
from typing import Final, NoReturn, Self

from core.errors import CannotKeepSecret

PAGE: Final = mmap.PAGESIZE

_LIBC = ctypes.CDLL(None, use_errno=True)
_ZEROS = bytes(PAGE)


class LockedPage:
    """One page of memory: anonymous, private, mlocked, MADV_DONTDUMP, MADV_DONTFORK (mlock(2), madvise(2)).

    Raises CannotKeepSecret when the machine will not lock it. A page costs 4 KiB of `ulimit -l`, so
    secrets that live and die together share one.
    """

    __slots__ = ("_page", "_used")

    def __init__(self) -> None:
        self._used = 0
        self._page = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._page.madvise(mmap.MADV_DONTDUMP)
        self._page.madvise(mmap.MADV_DONTFORK)
        _lock(self._page)

    def cut(self, capacity: int) -> memoryview:
        """The next `capacity` bytes of the page, writable. Release the view before the page is closed."""
        if not 0 < capacity <= PAGE - self._used:
            raise ValueError(f"{PAGE - self._used} bytes are left of this page, not {capacity}")
        start, self._used = self._used, self._used + capacity
        return memoryview(self._page)[start : self._used]

    def close(self) -> None:
        """Overwrite all of it, and give it back to the machine."""
        if self._page.closed:
            return
        self._page[:] = _ZEROS
        with suppress(BufferError):  # somebody still looks at it: it holds zeros, and goes when they do
            self._page.close()


class Secret:
    """A buffer in a locked page, its own or one that it shares.

    It has no str, no bytes and no pickle; it is read through `view()`, and `wipe()` (or leaving the
    `with`) overwrites it with zeros. Capacity is in bytes, one page at most. PCI DSS 3.3.1.
    """

    __slots__ = ("_length", "_own", "_room")

    def __init__(self, capacity: int, page: LockedPage | None = None) -> None:
        if not 0 < capacity <= PAGE:
            raise ValueError(f"a secret holds 1 to {PAGE} bytes, not {capacity}")
        self._length = 0
        self._own = LockedPage() if page is None else None
        self._room = (page or self._own or LockedPage()).cut(capacity)

    def append(self, byte: int) -> bool:
        """Add one byte at the end; False, and nothing happens, when it is full."""
        if self._length == len(self._room):
            return False
        self._room[self._length] = byte
        self._length += 1
        return True

    def extend(self, data: bytes | memoryview) -> None:
        """Add bytes at the end, without a copy in between; ValueError when they do not fit."""
        end = self._length + len(data)
        if end > len(self._room):
            raise ValueError(f"{len(data)} bytes do not fit")
        self._room[self._length : end] = data
        self._length = end

    def drop_last(self) -> bool:
        """Take the last byte away; False when there is none."""
        if not self._length:
            return False
        self._length -= 1
        self._room[self._length] = 0
        return True

    def view(self) -> memoryview:
        """The bytes themselves, not a copy. Release the view before the secret is closed."""
        return self._room[: self._length].toreadonly()

    def wipe(self) -> None:
        """Overwrite with zeros; the secret is empty and can be used again."""
        self._room[:] = _ZEROS[: len(self._room)]
        self._length = 0

    def close(self) -> None:
        """Overwrite, and give the page back to the machine if it is its own."""
        if self._own is None and not len(self._room):
            return
        self.wipe()
        self._room.release()
        self._room = memoryview(bytearray())
        if self._own is not None:
            self._own.close()

    def __len__(self) -> int:
        return self._length

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never pickled")


def _lock(page: mmap.mmap) -> None:
    address = ctypes.c_char.from_buffer(page)
    if _LIBC.mlock(ctypes.byref(address), ctypes.c_size_t(PAGE)):
        error = ctypes.get_errno()
        limit, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        raise CannotKeepSecret(
            f"no card is taken: memory for it could not be locked ({os.strerror(error)}; the limit is "
            f"{limit} bytes). Raise it: `ulimit -l`, LimitMEMLOCK= in systemd, --ulimit memlock= in Docker"
        )
