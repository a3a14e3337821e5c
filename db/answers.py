"""Answers that were given, kept for whoever asks the same again, in PostgreSQL."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from core.clock import Clock
from db.answer_tables import api_answers
from db.engine import Work
from db.keys import decrypt, encrypt

_KEPT_FOR: Final = timedelta(hours=24)
_ANSWERED_WITHIN: Final = timedelta(minutes=3)  # whoever died over it does not hold the key for long
_TABLE = api_answers.c


@dataclass(frozen=True, slots=True)
class Question:
    """Who asked, with which key, and a SHA-256 of what they asked."""

    who: str
    key: str
    digest: bytes

    @property
    def name(self) -> bytes:
        """What its answer is found by."""
        return hashlib.sha256(f"{self.who}\0{self.key}".encode()).digest()

    @property
    def aead(self) -> AESGCM:
        """What its answer is sealed with, drawn from the key that it was asked with."""
        drawn = HKDF(SHA256(), 32, None, b"tellerline answers\0" + self.who.encode())
        return AESGCM(drawn.derive(self.key.encode()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; `kind` is its media type."""

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """Nobody asked with this key before: answer, and say `keep` or `drop`."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The same was asked and is being answered now."""


@dataclass(frozen=True, slots=True)
class OtherAsked:
    """The key was used to ask for something else."""


class StoredAnswers:
    """What is kept of an answer cannot be read without the key that it was asked with."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def begin(self, asked: Question) -> Answer | Begun | UnderWay | OtherAsked:
        """What is to be done about a question; of many who ask at once one begins."""
        now = self._clock.now()
        row = {"key": asked.name, "digest": asked.digest, "asked_at": now, "until": now + _ANSWERED_WITHIN}
        async with self._work.begin() as tx:
            await tx.execute(delete(api_answers).where(_TABLE.until < now))
            new = insert(api_answers).values(row).on_conflict_do_nothing().returning(_TABLE.key)
            if (await tx.execute(new)).first() is not None:
                return Begun()
            found = (await tx.execute(select(api_answers).where(_TABLE.key == asked.name))).first()
        if found is None:  # it was dropped just now
            return UnderWay()
        if found.digest != asked.digest:
            return OtherAsked()
        if found.status is None:
            return UnderWay()
        return Answer(found.status, found.kind, decrypt(asked.aead, found.sealed, asked.digest))

    async def keep(self, asked: Question, answer: Answer) -> None:
        """Write an answer down."""
        sealed = encrypt(asked.aead, answer.body, asked.digest)
        values = {
            "status": answer.status,
            "kind": answer.kind,
            "sealed": sealed,
            "until": self._clock.now() + _KEPT_FOR,
        }
        mine = update(api_answers).where(_TABLE.key == asked.name, _TABLE.digest == asked.digest)
        async with self._work.single() as tx:
            await tx.execute(mine.values(values))

    async def drop(self, asked: Question) -> None:
        """Nothing was done: the key is free again."""
        open_ = (_TABLE.key == asked.name) & _TABLE.status.is_(None)
        async with self._work.single() as tx:
            await tx.execute(delete(api_answers).where(open_))
