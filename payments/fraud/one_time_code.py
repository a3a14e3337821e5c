"""One-time codes by text message: made, kept as a keyed hash with an end and a few tries, and checked."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from random import Random
from typing import Final, Protocol

from core.clock import Clock
from core.letter import Letter, Letters

DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that was sent: `subject` is what it is for, `to` a keyed hash of the number."""

    subject: str
    to: str
    hash: str
    at: datetime
    until: datetime
    tries: int


class Check(Enum):
    """What came of keying a code in."""

    RIGHT = "right"
    WRONG = "wrong"  # and there are tries left
    OVER = "over"  # no such code, too late, or tried too often


class Codes(Protocol):
    """Where codes are kept. Raises StoreLost when it does not answer."""

    async def issue(self, issued: Issued, since: datetime, most: int) -> bool:
        """Keep a code in place of an older one of its subject; False when `most` went there `since` then."""
        ...

    async def attempt(self, subject: str, hash_: str, now: datetime) -> Check:
        """Use up one try, also of two that come at once; a code that was right is over afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class CodeTerms:
    """For how long a code is good, how often it may be tried, how many a number gets in an hour."""

    lasts: timedelta = timedelta(minutes=5)
    tries: int = 3
    an_hour: int = 5


class OneTimeCodes:
    """Sends codes and checks them; `key` is of 32 bytes at least, `chance` a SystemRandom but in tests."""

    def __init__(
        self,
        codes: Codes,
        letters: Letters,
        key: bytes,
        clock: Clock,
        chance: Random,
        *,
        terms: CodeTerms | None = None,
    ) -> None:
        self._codes, self._letters, self._key, self._clock, self._chance = codes, letters, key, clock, chance
        self._terms = terms or CodeTerms()

    async def send(self, subject: str, to: str, language: str = "") -> bool:
        """Send a new code for `subject` to a number; False when it has got too many in the last hour.

        Raises BadInput for a number that is none, OutOfReach when it cannot be sent.
        """
        code, now = f"{self._chance.randrange(10**DIGITS):0{DIGITS}d}", self._clock.now()
        hashed = self._hash(subject, code)
        issued = Issued(
            subject, self._hash("to", to), hashed, now, now + self._terms.lasts, self._terms.tries
        )
        if not await self._codes.issue(issued, now - timedelta(hours=1), self._terms.an_hour):
            return False
        key = f"code:{subject}:{hashed[:16]}"
        await self._letters.put(Letter("code", to, {"code": code}, key, language=language, about=subject))
        return True

    async def check(self, subject: str, keyed: str) -> Check:
        """Whether it is the code; a try is used up either way."""
        return await self._codes.attempt(subject, self._hash(subject, keyed), self._clock.now())

    def _hash(self, about: str, value: str) -> str:
        return hmac.new(self._key, f"code\0{about}\0{value}".encode(), sha256).hexdigest()


class MemoryCodes:
    """Codes that are forgotten when the process ends."""

    def __init__(self) -> None:
        self._issued: dict[str, Issued] = {}
        self._sent: list[tuple[str, datetime]] = []

    async def issue(self, issued: Issued, since: datetime, most: int) -> bool:
        """As the protocol says."""
        if sum(to == issued.to and at > since for to, at in self._sent) >= most:
            return False
        self._sent.append((issued.to, issued.at))
        self._issued[issued.subject] = issued
        return True

    async def attempt(self, subject: str, hash_: str, now: datetime) -> Check:
        """As the protocol says."""
        found = self._issued.get(subject)
        if found is None or now >= found.until or not found.tries:
            return Check.OVER
        right = hmac.compare_digest(found.hash, hash_)
        left = 0 if right else found.tries - 1
        self._issued[subject] = Issued(subject, found.to, found.hash, found.at, found.until, left)
        if right:
            return Check.RIGHT
        return Check.WRONG if left else Check.OVER
