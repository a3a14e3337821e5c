"""Who calls: each call has a number, an account and a canary of its own, and is made again if it fails."""

from collections.abc import Callable, Sequence
from itertools import count
from random import Random

import anyio

from core.errors import OutOfReach
from node.prove.books import Astray
from node.prove.canary import Canary, new_canary
from node.prove.goertzel import LONGEST_CHANCE, longest_run
from node.prove.leak import leaked
from node.prove.plays import Stage, Ticket, calling
from node.prove.result import Made
from node.prove.scenarios import WAYS, Scenario
from rehearsal.script import Dtmf

TRIES = 3
"""A call that goes astray is made again with another card; the first card is searched for all the same."""

_AT_ONCE = 3
_FIRST_ACCOUNT = 100  # three digits: no four keys in a row are anything but a card's


class Cast:
    """Makes calls on a stage; `canaries` are the cards that were keyed in so far."""

    def __init__(self, stage: Stage, chance: Random) -> None:
        self._stage, self._chance, self._control = stage, chance, stage.control
        self._numbers, self._accounts = count(5_550_100), count(_FIRST_ACCOUNT)
        self.canaries: list[Canary] = []

    async def play_all(self, scenarios: Sequence[Scenario], told: Callable[[Made], None]) -> list[Made]:
        """Play scenarios, three at once; those that need the agent wait for one another.

        Those that stop a part of the line come last, one by one.
        """
        limit = anyio.CapacityLimiter(_AT_ONCE)
        made: list[Made] = []

        async def one(scenario: Scenario) -> None:
            async with limit:
                made.append(await self.play(scenario))
                told(made[-1])

        async def in_turn(some: Sequence[Scenario]) -> None:
            for scenario in some:
                await one(scenario)

        together = [one for one in scenarios if not one.way.alone]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(in_turn, [one for one in together if one.way.with_agent])
            for scenario in together:
                if not scenario.way.with_agent:
                    tasks.start_soon(one, scenario)
        await in_turn([one for one in scenarios if one.way.alone])
        return made

    async def play(self, scenario: Scenario) -> Made:
        """One call that goes all its way, or what went wrong with the last of its tries."""
        began = anyio.current_time()
        problem = ""
        for attempt in range(1, TRIES + 1):
            try:
                outcome = await self._call(scenario)
            except (OutOfReach, TimeoutError) as astray:
                problem = str(astray) or type(astray).__name__
                continue
            return _made(scenario, outcome, attempt, began, "")
        return _made(scenario, "", TRIES, began, problem)

    async def capture(self) -> Made:
        """One more card that is captured and charged, by the quickest way."""
        return await self.play(Scenario(WAYS[0], Dtmf.INFO))

    def card(self, kind: str) -> Canary:
        """Another canary, which shares no row of keys with the control."""
        canary = self._control
        while shares_keys(self._control, canary):
            canary = new_canary(f"card {len(self.canaries) + 1}", self._chance, kind=kind)
        self.canaries.append(canary)
        return canary

    def account(self) -> str:
        """Another account."""
        return str(next(self._accounts))

    async def _call(self, scenario: Scenario) -> str:
        number = f"+1555{next(self._numbers):07}"
        card = self.card(scenario.way.card)
        ticket = Ticket(number, self.account(), card, scenario.dtmf, scenario.way.number)
        async with calling(self._stage, ticket, with_agent=scenario.way.with_agent) as player:
            await scenario.way.play(player)
        ended = await self._stage.books.ended(number)
        if ended.outcome not in scenario.way.outcomes:
            raise Astray(f"the call came to {ended.outcome}")
        return ended.outcome


def shares_keys(control: Canary, canary: Canary) -> bool:
    """Whether keys of the control, in a row as they are keyed in or sent to an agent, could be the card's."""
    return longest_run(control.keys + leaked(control.keys), canary.keys) > LONGEST_CHANCE


def _made(scenario: Scenario, outcome: str, tries: int, began: float, problem: str) -> Made:
    seconds = anyio.current_time() - began
    return Made(scenario.way.name, scenario.dtmf.value, outcome, tries, seconds, problem)
