"""Many captures at once in virtual time: random cards, random slips of the finger, four keys a second."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

import anyio

from core import log
from core.virtual_time import VirtualTimeLoop
from ivr.capture.capture import Captured
from ivr.capture.terms import CaptureTerms
from ivr.line import Line
from ivr.result import CallResult
from ivr.services import Services
from payments.vault import Sealed, Vault
from pbx.fake.phone import Phone
from tests.sim.house import open_house
from tests.sim.random_callers import canary

SEED: Final = int(os.environ.get("TELLERLINE_SEED", "1"))
GAP_S: Final = 0.25
_EXPIRIES: Final = ("1230", "0127", "0631")


@dataclass
class Wanted:
    """A card that somebody keys in, and the keys with their slips: what is meant comes out in the end."""

    number: str
    expiry: str
    code: str
    keys: list[str]


@dataclass
class Tally:
    """What came of the captures: `wrong` ones ended with other digits than were meant."""

    captures: int = 0
    slips: int = 0
    missed: int = 0
    wrong: int = 0
    seeds: list[int] = field(default_factory=list)

    @property
    def digits_lost(self) -> int:
        """Captures in which a digit was lost, doubled or out of order."""
        return self.missed + self.wrong


def wanted(chance: Random) -> Wanted:
    """A card; in half of its fields the caller slips once, sees it, clears the field and goes on."""
    number, expiry = canary(chance), chance.choice(_EXPIRIES)
    code = f"{chance.randrange(1000):03d}"
    return Wanted(number, expiry, code, [_slipping(chance, one) for one in (f"{number}#", expiry, code)])


def _slipping(chance: Random, keys: str) -> str:
    if chance.random() < 0.5:
        return keys
    place = chance.randrange(1, len(keys.removesuffix("#")))
    return f"{keys[:place]}{chance.randrange(10)}"[: len(keys.removesuffix("#")) - 1] + "*" + keys


async def many(count: int, at_once: int, seed: int) -> Tally:
    """`count` captures, `at_once` of them up at any time; each ends with what was meant, or it is tallied."""
    tally = Tally()
    cards = {f"+1555{place:07d}": wanted(Random(f"{seed}/{place}")) for place in range(count)}

    async def take(line: Line, _services: Services) -> CallResult:
        outcome = await line.capture_payment(CaptureTerms())
        tally.captures += 1
        if not isinstance(outcome, Captured):
            tally.missed += 1
        elif not _is(house.vault, outcome.sealed, cards[line.caller]):
            tally.wrong += 1
        else:
            return CallResult.SERVED
        tally.seeds.append(int(line.caller[5:]))
        return CallResult.SERVED

    async with open_house(flows={"pay_bill": take}, calls=at_once, kept=1000) as house:
        free = anyio.CapacityLimiter(at_once)
        async with anyio.create_task_group() as callers:
            for place, (caller, card) in enumerate(cards.items()):
                tally.slips += sum("*" in keys for keys in card.keys)
                token = object()
                await free.acquire_on_behalf_of(token)
                callers.start_soon(_called, house.switch.place, card, caller, free, token)
                await anyio.sleep(Random(f"{seed}/{place}/pause").expovariate(4))
    return tally


async def _called(
    place: Callable[..., Phone], card: Wanted, caller: str, free: anyio.CapacityLimiter, token: object
) -> None:
    async def script(phone: Phone) -> None:
        for asked, keys in zip(("card number", "expiry date", "security code"), card.keys, strict=True):
            await phone.hears(asked)
            await anyio.sleep(GAP_S)
            await phone.press(keys, gap_s=GAP_S)
        await phone.ended()

    try:
        await place(script, caller=caller).ended()
    finally:
        free.release_on_behalf_of(token)


def _is(vault: Vault, sealed: Sealed, card: Wanted) -> bool:
    with vault.opened(sealed) as entry:
        if entry is None:
            return False
        with entry.number.view() as number, entry.expiry.view() as expiry, entry.code.view() as code:
            return (
                number == card.number.encode()
                and expiry == card.expiry.encode()
                and code == card.code.encode()
            )


if __name__ == "__main__":
    log.configure("error", "console")
    told = anyio.run(many, int(sys.argv[1]), 100, SEED, backend_options={"loop_factory": VirtualTimeLoop})
    sys.stdout.write(f"{told}\n")
