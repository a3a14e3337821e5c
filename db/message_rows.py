"""Messages as rows, with what tells of a person sealed."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.letter import Letter, Value
from db.key_tables import data_keys
from db.keys import DataKey, Place
from db.message_tables import messages
from db.people import ERASED, People, of_account, of_caller, wrapped_of
from db.places import ADDRESS, CALLER
from db.storable import storable
from messages.message import Channel, MessageId, MessageState
from messages.post import Posted
from messages.values import from_json, to_json

_KEPT = messages.c

WITH_KEYS: Final[Select[Any]] = select(messages, data_keys.c.master, data_keys.c.wrapped).select_from(
    messages.outerjoin(data_keys, data_keys.c.subject == _KEPT.subject)
)
"""Messages with the keys that open them."""


async def sealed_row(
    tx: AsyncConnection, people: People | None, letter: Letter, message: str, channel: Channel
) -> dict[str, object] | None:
    """The columns that tell of a person, sealed where there are keys; None when the person was erased."""
    to, content = storable(letter.to), storable(to_json(letter.values))
    if people is None:
        return {"recipient": to, "content": content}
    index = await people.index(tx, index_of(channel), to)
    subject = of_account(letter.account) if letter.account else of_caller(index)
    key = await people.key(tx, subject)
    if key is None:
        return None
    return {
        "recipient_index": index,
        "recipient_sealed": key.seal(to, recipient_of(message)),
        "content_sealed": key.seal(content, content_of(message)),
        "subject": subject,
    }


def index_of(channel: Channel) -> str:
    """The blind index by which a recipient is found: a telephone by that of callers."""
    return CALLER if channel is Channel.SMS else ADDRESS


def opened(people: People | None, row: RowMapping) -> tuple[str, Mapping[str, Value]]:
    """To whom, and the values; `(erased)` and nothing where the key is gone, no values once forgotten."""
    if row["subject"] is None:
        return row["recipient"], from_json(row["content"] or "{}")
    key = _key(people, row)
    if key is None:
        return ERASED, {}
    to = key.open(row["recipient_sealed"], recipient_of(row["id"]))
    sealed = row["content_sealed"]
    return to, from_json(key.open(sealed, content_of(row["id"]))) if sealed is not None else {}


def posted_of(people: People | None, row: RowMapping) -> Posted:
    """A message in a row of WITH_KEYS."""
    to, values = opened(people, row)
    return Posted(
        id=MessageId(row["id"]),
        kind=row["kind"],
        channel=Channel(row["channel"]),
        to=to,
        language=row["language"],
        about=row["about"],
        state=MessageState(row["state"]),
        attempts=row["attempts"],
        sender=row["sender"],
        reason=row["reason"],
        created_at=row["created_at"],
        next_at=row["next_at"],
        sent_at=row["sent_at"],
        done_at=row["done_at"],
        values=values,
    )


def recipient_of(message: str) -> Place:
    """To whom a message goes."""
    return Place("messages", "recipient", message)


def content_of(message: str) -> Place:
    """What a message is filled with."""
    return Place("messages", "content", message)


def _key(people: People | None, row: RowMapping) -> DataKey | None:
    wrapped = wrapped_of(row["master"], row["wrapped"])
    return people.opened(row["subject"], wrapped) if people is not None else None
