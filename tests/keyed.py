"""A card that nobody has, keyed in digit by digit, and how to look for what is left of it."""

import gc
import secrets
from collections.abc import Iterator
from datetime import date

from core.check_digits import luhn
from payments.card import CardEntry, CardField

TODAY = date(2026, 11, 20)


def canary() -> list[int]:
    """The ASCII codes of a random Visa number, never put together as a string."""
    body = [ord("4"), *(48 + secrets.randbelow(10) for _ in range(14))]
    return next([*body, last] for last in range(48, 58) if luhn(memoryview(bytearray([*body, last]))))


def keyed_in(codes: list[int]) -> CardEntry:
    entry = CardEntry()
    for name, digits in (
        (CardField.NUMBER, codes),
        (CardField.EXPIRY, list(b"1234")),
        (CardField.CODE, list(b"123")),
    ):
        for digit in digits:
            entry.append(name, digit)
        assert entry.finish(name, TODAY) is None
    return entry


def copies_of(codes: list[int]) -> int:
    """How many strings and byte strings that Python can reach hold the number."""
    needle = bytes(codes)
    word = needle.decode()
    gc.collect()
    found = {
        id(thing)
        for thing in reachable()
        if (isinstance(thing, bytes | bytearray) and needle in thing and thing is not needle)
        or (isinstance(thing, str) and word in thing and thing is not word)
    }
    return len(found)


def reachable() -> Iterator[object]:
    """Everything that the collector tracks, and what those refer to: strings are not tracked themselves.

    The list of all that is tracked ends with this: were it ever garbage in a cycle, it would drag along what
    other threads and greenlets are about to free, and the collector would crash on it.
    """
    tracked = gc.get_objects()
    for thing in tracked:
        yield thing
        if thing is not tracked:
            yield from gc.get_referents(thing)
