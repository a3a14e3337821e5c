"""Endpoints of webhooks, in PostgreSQL: who is told of what, and the secrets shared with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput, Outdated
from core.ids import new_id
from db.audit import Detail, append
from db.engine import Work
from db.pages import Place, newest_first
from db.webhook_tables import webhook_endpoints
from payments.webhooks.delivery import Endpoint, EndpointId
from payments.webhooks.outbox import check_url
from payments.webhooks.signature import new_secret
from payments.webhooks.topics import check_topics

CALLBACKS: Final = EndpointId("callbacks")
"""The endpoint of messages that name their own URL; made when the first is posted."""

_KEPT = webhook_endpoints.c


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different of an endpoint; None stays as it is. `why` goes with `disabled`."""

    url: str | None = None
    topics: Sequence[str] | None = None
    disabled: bool | None = None
    why: str = "asked for"


class StoredEndpoints:
    """Endpoints: each change stands in the audit trail."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def page(self, place: Place | None, limit: int) -> list[Endpoint]:
        """Those behind a place, newest first, one more than `limit`."""
        query = newest_first(select(webhook_endpoints), _KEPT.created_at, _KEPT.id, place, limit)
        async with self._work.single() as tx:
            return [_endpoint(row) for row in (await tx.execute(query)).mappings()]

    async def find(self, endpoint: str) -> Endpoint | None:
        """One endpoint."""
        async with self._work.single() as tx:
            row = (await tx.execute(select(webhook_endpoints).where(_KEPT.id == endpoint))).mappings().first()
        return _endpoint(row) if row is not None else None

    async def all(self) -> list[Endpoint]:
        """Every endpoint, oldest first."""
        async with self._work.begin() as tx:
            rows = await tx.execute(select(webhook_endpoints).order_by(_KEPT.created_at, _KEPT.id))
            return [_endpoint(row) for row in rows.mappings()]

    async def add(self, url: str, topics: Sequence[str]) -> tuple[Endpoint, str]:
        """A new endpoint, and its secret. Raises BadInput for what is no URL or no topic."""
        check_url(url)
        check_topics(topics)
        row = _row(EndpointId(new_id("we")), url, topics, self._clock)
        async with self._work.begin() as tx:
            made = (
                await tx.execute(insert(webhook_endpoints).values(row).returning(webhook_endpoints))
            ).one()
            await append(
                tx, self._clock.now(), "webhook added", made.id, {"url": url, "topics": " ".join(topics)}
            )
        return _endpoint(made._mapping), made.secret

    async def rotate(self, endpoint: str, keep: timedelta) -> str:
        """A new secret; for as long as `keep` messages are signed with the old one too."""
        secret, now = new_secret(), self._clock.now()
        changed = {"secret": secret, "was_secret": _KEPT.secret, "was_until": now + keep}
        await self._change(
            endpoint, changed, "webhook secret rotated", {"keep_s": round(keep.total_seconds())}
        )
        return secret

    async def disable(self, endpoint: str, why: str) -> None:
        """Tell it nothing more; what waits for it is given up when its time comes."""
        await self.change(endpoint, Change(disabled=True, why=why))

    async def enable(self, endpoint: str) -> None:
        """Tell it again of what happens from now on."""
        await self.change(endpoint, Change(disabled=False))

    async def change(self, endpoint: str, wanted: Change, version: int | None = None) -> Endpoint:
        """Change what is given; all or nothing. Raises Outdated, BadInput for what is no URL or no topic."""
        if wanted.url is not None:
            check_url(wanted.url)
        if wanted.topics is not None:
            check_topics(wanted.topics)
        return await self._change(endpoint, _values(wanted, self._clock), *_told(wanted), version)

    async def _change(
        self, endpoint: str, values: dict[str, Any], action: str, detail: Detail, version: int | None = None
    ) -> Endpoint:
        one = _KEPT.id == endpoint
        async with self._work.begin() as tx:
            was = (
                (await tx.execute(select(webhook_endpoints).where(one).with_for_update())).mappings().first()
            )
            if was is None:
                raise BadInput(f"there is no webhook {endpoint!r}: `tellerline webhooks list` shows them")
            if version is not None and _endpoint(was).version != version:
                raise Outdated(f"the webhook {endpoint} was changed meanwhile: read it again")
            changed = update(webhook_endpoints).where(one).values(values).returning(webhook_endpoints)
            row = (await tx.execute(changed)).mappings().one()
            await append(tx, self._clock.now(), action, endpoint, detail)
        return _endpoint(row)


def _values(wanted: Change, clock: Clock) -> dict[str, Any]:
    told: dict[str, Any] = {"url": wanted.url, "topics": wanted.topics and list(wanted.topics)}
    values = {name: value for name, value in told.items() if value is not None}
    match wanted.disabled:
        case True:
            values |= {"disabled_at": clock.now(), "disabled_why": wanted.why}
        case False:
            values |= {"disabled_at": None, "disabled_why": ""}
        case None:
            pass
    return values or {"disabled_why": _KEPT.disabled_why}


def _told(wanted: Change) -> tuple[str, Detail]:
    """The action and its detail, for the audit trail."""
    action = {True: "webhook disabled", False: "webhook enabled", None: "webhook changed"}[wanted.disabled]
    detail = {
        "url": wanted.url,
        "topics": " ".join(wanted.topics) if wanted.topics else None,
        "why": wanted.why if wanted.disabled else None,
    }
    return action, {name: value for name, value in detail.items() if value is not None}


async def callbacks(tx: AsyncConnection, clock: Clock) -> EndpointId:
    """The endpoint of messages with a URL of their own; it is there from now on."""
    row = _row(CALLBACKS, "", (), clock)
    await tx.execute(insert_or(webhook_endpoints).values(row).on_conflict_do_nothing())
    return CALLBACKS


def secrets_of(row: RowMapping, now: datetime) -> tuple[str, ...]:
    """The secrets that a message is signed with at the time `now`, the newest first."""
    was_until = row["was_until"]
    return (
        (row["secret"], row["was_secret"]) if was_until is not None and now < was_until else (row["secret"],)
    )


def _row(endpoint: EndpointId, url: str, topics: Sequence[str], clock: Clock) -> dict[str, Any]:
    return {
        "id": endpoint,
        "url": url,
        "topics": list(topics),
        "secret": new_secret(),
        "created_at": clock.now(),
    }


def _endpoint(row: RowMapping) -> Endpoint:
    return Endpoint(
        id=EndpointId(row["id"]),
        url=row["url"],
        topics=tuple(row["topics"]),
        created_at=row["created_at"],
        was_until=row["was_until"],
        disabled_at=row["disabled_at"],
        disabled_why=row["disabled_why"],
    )
