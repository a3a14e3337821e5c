"""The table of scenarios: each way out of a capture, in each way that keys travel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from node.prove import plays
from node.prove.plays import Player
from rehearsal.script import Dtmf

Play = Callable[[Player], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a capture. `outcome` is what the call comes to; `card` is the kind of canary.

    One that is `alone` stops a part of the line, so no other call may be up. `modes` are those of the short
    form, which plays all ways and all modes, but not all pairs of them.
    """

    name: str
    play: Play
    outcomes: tuple[str, ...]
    modes: tuple[Dtmf, ...]
    card: str = "visa"
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One call."""

    way: Way
    dtmf: Dtmf

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.way.name}, {self.dtmf.value}"


WAYS = (
    Way("success", plays.pays, ("paid", "hung_up"), tuple(Dtmf)),
    Way("cancel", plays.cancels, ("declined_to_pay",), (Dtmf.RFC4733,)),
    Way("timeout", plays.falls_silent, ("hung_up", "card_not_taken"), (Dtmf.INFO,)),
    Way("hang-up", plays.hangs_up, ("hung_up",), (Dtmf.INBAND,)),
    Way("transfer", plays.is_transferred, ("hung_up", "spoke_to_agent"), (Dtmf.RFC4733,), card="discover"),
    Way("kill -9 of the controller", plays.loses_the_controller, ("hung_up",), (Dtmf.INFO,), alone=True),
    Way("restart of Asterisk", plays.loses_asterisk, ("hung_up",), (Dtmf.INBAND,), alone=True),
)


def scenarios(*, short: bool) -> tuple[Scenario, ...]:
    """All pairs of a way and a mode, or in short those that the table names."""
    return tuple(Scenario(way, dtmf) for way in WAYS for dtmf in (way.modes if short else tuple(Dtmf)))
