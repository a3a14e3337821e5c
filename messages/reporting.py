"""What providers tell afterwards: believed, and noted with the message that it is about."""

from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from typing import Final

import anyio
import structlog

from core.errors import StoreLost
from messages.post import Post
from messages.sender import Heard, Listens, Report, Reports, TextSender

log = structlog.stdlib.get_logger(__name__)

_WAITS_S: Final = (0.0, 0.2, 1.0)
_PATIENT_WAITS_S: Final = (*_WAITS_S, 5.0, 30.0)


class Noted(Enum):
    """What became of a report."""

    NOTED = "noted"
    NOT_BELIEVED = "not_believed"
    NOT_KNOWN = "not_known"  # about no message of ours
    NOBODY = "nobody"  # no sender of that name listens


class Reporting:
    """Hears reports that come over HTTP."""

    def __init__(self, post: Post, sender: TextSender) -> None:
        self._post, self._sender = post, sender

    async def hear(
        self, sender: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> Noted:
        """Take one in. Raises StoreLost when it could not be noted: then it is to be told again."""
        if self._sender.name != sender or not isinstance(self._sender, Listens):
            return Noted.NOBODY
        match self._sender.heard(body, headers, query):
            case Heard.NOT_BELIEVED:
                return Noted.NOT_BELIEVED
            case Heard.NOTHING:
                return Noted.NOTED
            case Report() as report:
                return await self._note(report)

    async def _note(self, report: Report) -> Noted:
        for wait_s in _WAITS_S:  # it may be here before its message was noted as sent
            await anyio.sleep(wait_s)
            if await self._post.report(report):
                return Noted.NOTED
        return Noted.NOT_KNOWN


async def patiently(reports: Reports, report: Report) -> None:
    """Note one that is not told again: also one that comes too early, or while the database is away."""
    for wait_s in _PATIENT_WAITS_S:
        await anyio.sleep(wait_s)
        with suppress(StoreLost):
            if await reports(report):
                return
    log.warning("a receipt for a message that is not known here", ref=report.ref)
