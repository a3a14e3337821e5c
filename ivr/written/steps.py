"""What may stand in a written flow: its steps, one verb each.

It is an edge of the house as the exchange's file is, so pydantic checks it; what concerns several steps is
checked in `ivr.written.check`.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from dialplan.exchange import Part
from dialplan.words import Destination, FlowName, Language
from ivr.written.words import Amount, Key, Name, Phrase, Says, Target, Text

ENDS: Final[Mapping[str, str]] = {
    "goodbye": "says good-bye and ends the call",
    "hang_up": "ends the call",
    "person": "hands the caller to a person",
}
"""Where a step may go besides other steps."""


MOST_DIGITS: Final = 12  # the shortest card has 13 (ISO/IEC 7812-1): none can be keyed in as ordinary digits


def _digits(value: object) -> object:
    if isinstance(value, str) and value.isdecimal() and int(value) > MOST_DIGITS:
        raise ValueError(
            f"{MOST_DIGITS} digits at most: a card number has 13 to 19, and is never asked for as ordinary "
            "digits: use `do: take_payment`, which takes it unheard and unrecorded"
        )
    return value


_Count = Annotated[int, BeforeValidator(_digits), Field(ge=1)]
_As = Annotated[Name, Field(alias="as", description="the name under which the answer is kept")]
_Otherwise = Annotated[
    Target | None, Field(description="where it goes on without an answer; else as at every question")
]
Then = Annotated[Target, Field(description="where it goes on: a step, goodbye, hang_up or person")]


class Step(Part):
    """A step; the first key is its verb."""

    verb: ClassVar[str]


class Say(Step):
    """Say something."""

    verb: ClassVar[str] = "say"
    say: Says
    then: Then


class Question(Step):
    """A step that wants an answer; its first key holds what is asked."""

    otherwise: _Otherwise = None


class Choice(Part):
    """A key of a menu, and what may be said instead, by language."""

    then: Then
    words: Annotated[dict[Language, tuple[Phrase, ...]], Field(default={})]


_Chosen = Annotated[Choice, BeforeValidator(lambda to: {"then": to} if isinstance(to, str) else to)]


class Menu(Question):
    """Ask for one of a few keys."""

    verb: ClassVar[str] = "menu"
    menu: Says
    keys: Annotated[dict[Key, _Chosen], Field(min_length=1, description="where each key leads")]
    as_: Annotated[Name | None, Field(alias="as")] = None


class Digits(Question):
    """Ask for digits."""

    verb: ClassVar[str] = "digits"
    digits: Says
    as_: _As
    least: _Count = 1
    most: Annotated[_Count, Field(description="how many digits there may be, 12 at most")]
    check: Literal["none", "luhn", "mod97", "aba"] = "none"
    masked: bool = False
    wrong: Says | None = None
    then: Then


class AskAmount(Question):
    """Ask for an amount of money."""

    verb: ClassVar[str] = "amount"
    amount: Says
    as_: _As
    most: Annotated[Amount, Field(description="the largest amount, such as 500.00 USD")]
    then: Then


class AskDate(Question):
    """Ask for a day from today on."""

    verb: ClassVar[str] = "date"
    date: Says
    as_: _As
    then: Then


class YesNo(Question):
    """Ask for a yes (1) or a no (2)."""

    verb: ClassVar[str] = "yes_no"
    yes_no: Says
    as_: Annotated[Name | None, Field(alias="as")] = None
    yes: Then
    no: Then


class Branch(Step):
    """Go on by a value; the first case that fits counts."""

    verb: ClassVar[str] = "branch"
    branch: Name
    cases: Annotated[dict[Text, Target], Field(min_length=1, description="where each value leads")]
    otherwise: Annotated[Target, Field(description="where it goes on when no case fits")]


class WhenOpen(Step):
    """Go on by the time of day."""

    verb: ClassVar[str] = "hours"
    hours: Annotated[Name, Field(description="the name of opening hours")]
    open: Then
    closed: Then


class Do(Step):
    """Something that the line knows how to do; `paid` is where a caller who has paid goes on."""

    verb: ClassVar[str] = "do"
    do: Literal[
        "find_bill",
        "tell_due",
        "take_payment",
        "send_link",
        "take_call_back",
        "take_dispute",
        "choose_language",
    ]
    paid: Target | None = None
    then: Then


class Connect(Step):
    """Call an extension, a queue or a number, and let both talk."""

    verb: ClassVar[str] = "connect"
    connect: Destination
    whisper: Says | None = None
    then: Then = "goodbye"
    nobody: Annotated[Target, Field(description="where it goes on when nobody answers")]


class Transfer(Step):
    """Send the call on, for good."""

    verb: ClassVar[str] = "transfer"
    transfer: Destination
    nobody: Annotated[Target, Field(description="where it goes on when nobody answers")]


class Run(Step):
    """Go on in another flow, for good."""

    verb: ClassVar[str] = "run"
    run: FlowName
