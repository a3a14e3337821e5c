"""What facts say of a caller, sealed: the number, and the words that were understood."""

from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import CallStarted, Recorded, Spoke
from db.fact_rows import FactRow, kind_of_type
from db.keys import CannotOpen, DataKey, Place
from db.people import ERASED, People, of_caller
from db.places import CALLER

MARK: Final = "sealed|"
"""How a sealed text begins; then whose key it is, and the bytes in base 64."""

_CALLS_KNOWN: Final = 10_000

PERSONAL: Final[Mapping[str, str]] = {kind_of_type(CallStarted): "caller", kind_of_type(Spoke): "text"}
"""The field of each kind that tells of a person; `tellerline keys protect` seals those of older rows."""


class FactSeal:
    """Seals and opens: under the caller's key, or the call's own where the number is withheld."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._of_call: OrderedDict[str, str] = OrderedDict()

    async def sealed(self, tx: AsyncConnection, rows: Sequence[FactRow]) -> list[FactRow]:
        """The rows, with what is personal sealed; those that are sealed already stay as they are."""
        subjects = [await self._subject(tx, row) for row in rows]
        keys = await self._people.keys(tx, [one for one in subjects if one])
        return [
            _sealed(row, subject, keys[subject]) if subject else row
            for row, subject in zip(rows, subjects, strict=True)
        ]

    async def opened(self, tx: AsyncConnection, facts: Sequence[Recorded]) -> list[Recorded]:
        """The facts, readable again; `(erased)` stands where the key is gone."""
        told = [_sealed_text(one) for one in facts]
        subjects = {text.split("|")[1] for text in told if text}
        if not subjects:
            return list(facts)
        keys = await self._people.there(tx, subjects)
        return [_opened(one, text, keys) if text else one for one, text in zip(facts, told, strict=True)]

    async def _subject(self, tx: AsyncConnection, row: FactRow) -> str:
        """Whose key seals the row; empty when there is nothing to seal."""
        field, body, call = PERSONAL.get(str(row["kind"])), row["body"], str(row["call"])
        text = body.get(field) if isinstance(body, dict) and field else None
        if not isinstance(text, str) or not text or text.startswith(MARK):
            return ""
        if field == "caller":
            self._of_call[call] = of_caller(await self._people.index(tx, CALLER, text))
            if len(self._of_call) > _CALLS_KNOWN:
                self._of_call.popitem(last=False)
        return self._of_call.get(call, of_call(call))


def of_call(call: str) -> str:
    """The subject of a call whose caller is not known."""
    return f"call:{call}"


def is_sealed(recorded: Recorded) -> bool:
    """Whether something in it is not readable as it is."""
    return bool(_sealed_text(recorded))


def _sealed(row: FactRow, subject: str, key: DataKey | None) -> FactRow:
    field, body = PERSONAL[str(row["kind"])], row["body"]
    if not isinstance(body, dict):
        raise TypeError("the body of a fact is a table of its fields")
    told = ERASED
    if key is not None:
        sealed = key.seal(str(body[field]), _place(field, str(row["call"])))
        told = f"{MARK}{subject}|{b64encode(sealed).decode()}"
    return row | {"body": body | {field: told}}


def _sealed_text(recorded: Recorded) -> str:
    match recorded.fact:
        case CallStarted(caller=text) | Spoke(text=text) if text.startswith(MARK) and text.count("|") == 2:
            return text
        case _:
            return ""


def _opened(recorded: Recorded, text: str, keys: Mapping[str, DataKey | None]) -> Recorded:
    _, subject, sealed = text.split("|")
    key, field = keys.get(subject), "caller" if isinstance(recorded.fact, CallStarted) else "text"
    try:
        place = _place(field, str(recorded.fact.call))
        told = key.open(b64decode(sealed), place) if key is not None else ERASED
    except (CannotOpen, ValueError):
        told = ERASED
    changes: dict[str, Any] = {field: told}
    return replace(recorded, fact=replace(recorded.fact, **changes))


def _place(field: str, call: str) -> Place:
    return Place("facts", field, call)
