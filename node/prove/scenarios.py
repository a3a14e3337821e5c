"""The table of scenarios: each way out of a capture, in each way that keys travel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from node.prove import assisted, plays
from node.prove.plays import Player
from rehearsal.script import Dtmf

Play = Callable[[Player], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a capture. `outcome` is what the call comes to; `card` is the kind of canary.

    One that is `alone` stops a part of the line, so no other call may be up. In one that is `with_agent`
    somebody picks up when the line rings for a person. `modes` are those of the short form, which plays all
    ways and all modes, but not all pairs of them.
    """

    name: str
    play: Play
    outcomes: tuple[str, ...]
    modes: tuple[Dtmf, ...]
    card: str = "visa"
    alone: bool = False
    with_agent: bool = False
    number: str = plays.NUMBER


@dataclass(frozen=True, slots=True)
class Scenario:
    """One call."""

    way: Way
    dtmf: Dtmf

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.way.name}, {self.dtmf.value}"


def _with_agent(name: str, play: Play, modes: tuple[Dtmf, ...], *, alone: bool = False) -> Way:
    """A way out of a capture that an agent leads while both talk."""
    outcomes = ("spoke_to_agent", "hung_up")
    return Way(f"agent: {name}", play, outcomes, modes, alone=alone, with_agent=True, number=_FOR_PEOPLE)


_FOR_PEOPLE = "1001"

WAYS = (
    Way("success", plays.pays, ("paid", "hung_up"), tuple(Dtmf)),
    Way("cancel", plays.cancels, ("declined_to_pay",), (Dtmf.RFC4733,)),
    Way("timeout", plays.falls_silent, ("hung_up", "card_not_taken"), (Dtmf.INFO,)),
    Way("hang-up", plays.hangs_up, ("hung_up",), (Dtmf.INBAND,)),
    Way(
        "transfer",
        plays.is_transferred,
        ("hung_up", "spoke_to_agent"),
        (Dtmf.RFC4733,),
        card="discover",
        with_agent=True,
    ),
    _with_agent("success", assisted.pays, tuple(Dtmf)),
    _with_agent("cancel", assisted.cancel, (Dtmf.INFO,)),
    _with_agent("timeout", assisted.fall_silent, (Dtmf.RFC4733,)),
    _with_agent("hang-up", assisted.hang_up, (Dtmf.INFO,)),
    _with_agent("transfer", assisted.is_sent_on, (Dtmf.INFO,)),
    _with_agent("hang-up of the agent", assisted.is_left, (Dtmf.INBAND,)),
    Way("kill -9 of the controller", plays.loses_the_controller, ("hung_up",), (Dtmf.INFO,), alone=True),
    Way("restart of Asterisk", plays.loses_asterisk, ("hung_up",), (Dtmf.INBAND,), alone=True),
    _with_agent("kill -9 of the controller", assisted.loses_the_controller, (Dtmf.RFC4733,), alone=True),
    _with_agent("restart of Asterisk", assisted.loses_asterisk, (Dtmf.INFO,), alone=True),
)


def scenarios(*, short: bool) -> tuple[Scenario, ...]:
    """All pairs of a way and a mode, or in short those that the table names."""
    return tuple(Scenario(way, dtmf) for way in WAYS for dtmf in (way.modes if short else tuple(Dtmf)))
