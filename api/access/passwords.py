"""Passwords: which may be chosen, and argon2id in threads, so that the calls go on meanwhile."""

import secrets
import unicodedata
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import BadInput

SHORTEST: Final = 12  # PCI DSS 8.3.6
LONGEST: Final = 200
_DIFFERENT: Final = 5
_PART: Final = 4
_COMMON: Final = frozenset(
    Path(__file__).with_name("common_passwords.txt").read_text("utf-8").casefold().splitlines()
)


class BadPassword(BadInput):
    """A password that is too easy to guess."""


class Passwords:
    """Hashes and compares: argon2id (RFC 9106), 64 MiB, three passes, one core for a sixth of a second.

    At most two at a time: whoever sends many passwords waits, and not the telephone calls.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        self._turns = anyio.CapacityLimiter(2)

    async def hash(self, password: str) -> str:
        """What may be kept of a password."""
        return await anyio.to_thread.run_sync(self._hasher.hash, _one_spelling(password), limiter=self._turns)

    async def same(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password; without a hash it is not, and that takes as long to say."""
        known, given = hashed if hashed is not None else self._nobody, _one_spelling(password)
        matches = await anyio.to_thread.run_sync(self._matches, known, given, limiter=self._turns)
        return matches and hashed is not None

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def check_password(password: str, email: str) -> None:
    """Raises BadPassword with all that is wrong with it."""
    folded = password.casefold()
    local = email.casefold().partition("@")[0]
    wrong = [
        what
        for is_so, what in (
            (len(password) < SHORTEST, f"it has {len(password)} characters, and needs {SHORTEST}"),
            (len(password) > LONGEST, f"it is longer than {LONGEST} characters"),
            (folded in _COMMON, "it is among those that are tried first"),
            (len(set(folded)) < _DIFFERENT, f"it has fewer than {_DIFFERENT} different characters"),
            (len(local) >= _PART and local in folded, "your address stands in it"),
        )
        if is_so
    ]
    if wrong:
        raise BadPassword(f"choose another password: {'; '.join(wrong)}")


def one_time_password() -> str:
    """A random password for the first sign-in: 100 bits, easy to read out."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def _one_spelling(password: str) -> str:
    """As every keyboard sends it: accents are part of a letter or beside it (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
