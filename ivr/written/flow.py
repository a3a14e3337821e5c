"""A written flow as a whole: its head, its opening hours, and its steps by name."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, get_args

from pydantic import Field

from dialplan.exchange import Part
from dialplan.words import Language
from ivr.written.steps import (
    AskAmount,
    AskDate,
    Branch,
    Connect,
    Digits,
    Do,
    Menu,
    Run,
    Say,
    Transfer,
    WhenOpen,
    YesNo,
)
from ivr.written.words import Day, DayNames, Name, Spans, Text, Zone, days_of

Asking = Menu | Digits | AskAmount | AskDate | YesNo
AnyStep = (
    Say | Menu | Digits | AskAmount | AskDate | YesNo | Branch | WhenOpen | Do | Connect | Transfer | Run
)

VERBS: Final[Mapping[str, type[AnyStep]]] = {kind.verb: kind for kind in get_args(AnyStep)}
"""The steps by the key that tells each."""


class OpeningHours(Part):
    """When somebody is there, in a time zone; on the days of `closed` nobody is."""

    zone: Annotated[Zone, Field(description="the time zone, such as Europe/Berlin")]
    open: Annotated[dict[DayNames, Spans], Field(min_length=1, description="times by days of the week")]
    closed: tuple[Day, ...] = ()

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it is open at a time, which has a zone of its own."""
        here = now.astimezone(self.zone)
        minute = here.hour * 60 + here.minute
        return here.date() not in self.closed and any(
            here.weekday() in days_of(days) and first <= minute < last
            for days, spans in self.open.items()
            for first, last in spans
        )


class Head(Part):
    """A flow without its steps; `languages` are those that it speaks, the line's own if left out."""

    about: Annotated[Text, Field(description="what the flow is for, in a few words")]
    languages: Annotated[tuple[Language, ...] | None, Field(min_length=1)] = None
    hours: Annotated[dict[Name, OpeningHours], Field(default={})]


@dataclass(frozen=True, slots=True)
class Written:
    """A flow without mistakes: it begins with the first of its steps.

    `prompts` are the line's own that it says, each with the values that it wants.
    """

    name: str
    head: Head
    languages: tuple[str, ...]
    steps: Mapping[str, AnyStep]
    prompts: Mapping[str, frozenset[str]]
