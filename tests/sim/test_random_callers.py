"""A thousand callers who do anything, while gateway and stores fail: nothing is lost, doubled or shown.

A failure names its seed; `TELLERLINE_SEED=n TELLERLINE_CALLERS=m` plays the same again.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import anyio
import pytest
from structlog.testing import capture_logs

from core.events import Answered, CallEnded, CallStarted
from core.ids import CallId
from core.money import Money
from payments.brand import Brand
from payments.card import CardEntry, CardField
from payments.gateways.sandbox.gateway import Fault
from payments.session import UNSETTLED, State
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers
from tests.sim.house import AGENTS, SimHouse, bill, open_house
from tests.sim.leaks import leaks
from tests.sim.random_callers import RandomCaller

pytestmark = pytest.mark.anyio

SEED = int(os.environ.get("TELLERLINE_SEED", "1"))
CALLERS = int(os.environ.get("TELLERLINE_CALLERS", "1000"))
_ACCOUNTS = [f"{70_000_000 + 7919 * place}" for place in range(150)]
_DUE = Money(12_550, "USD")


@dataclass
class Played:
    """What a simulation left behind."""

    house: SimHouse
    callers: list[RandomCaller]
    logs: Sequence[MutableMapping[str, Any]]  # Any: a log's fields are anything
    entries: list[CardEntry]
    tasks_left: int

    @property
    def cards(self) -> set[str]:
        return {card for caller in self.callers for card in caller.cards}

    @property
    def texts(self) -> list[str]:
        return [repr(fact) for fact in self.house.facts.told] + [repr(event) for event in self.logs]


async def _play(seed: int, count: int) -> Played:
    """Let `count` callers call, about one a second; wait until all is settled."""
    chance = Random(seed)
    callers = [RandomCaller(Random(f"{seed}/{place}"), _ACCOUNTS) for place in range(count)]
    tasks = len(asyncio.all_tasks())
    with _entries() as entries, capture_logs() as logs:
        bills = [bill(number, _DUE) for number in _ACCOUNTS]
        async with open_house(bills=bills, calls=90, seed=seed) as house:
            house.switch.answers[AGENTS] = Answers(_agent)
            with anyio.fail_after(24 * 3600):
                await _call_in(house, callers, chance)
    return Played(house, callers, logs, entries, len(asyncio.all_tasks()) - tasks)


async def _call_in(house: SimHouse, callers: list[RandomCaller], chance: Random) -> None:
    phones = []
    for caller in callers:
        _disturb(house, chance)
        phones.append(house.switch.place(caller, caller=f"+1555{chance.randrange(10**7):07d}"))
        await anyio.sleep(chance.expovariate(1.0))
    house.sessions.lost = house.accounts.lost = house.payments.lost = False
    for phone in phones:
        await phone.ended()
    await house.runner.drained()
    await anyio.sleep(1800)  # the reconciler believes after ten minutes that a gateway never heard of it


async def _agent(phone: Phone) -> None:
    await phone.hears("A caller wants help")
    await anyio.sleep(40)
    phone.hang_up()


def _disturb(house: SimHouse, chance: Random) -> None:
    """Now and then a gateway fails, and a store goes away or comes back."""
    if chance.random() < 0.05:
        house.gateway.fail(chance.choice(list(Fault)), seconds=chance.uniform(1, 40))
    for store in (house.sessions, house.accounts, house.payments):
        store.lost = chance.random() < (0.7 if store.lost else 0.01)


@contextmanager
def _entries() -> Iterator[list[CardEntry]]:
    """Every card entry that is made meanwhile."""
    made: list[CardEntry] = []

    def make(accepted: frozenset[Brand], shortest_postal: int) -> CardEntry:
        made.append(CardEntry(accepted, shortest_postal))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ivr.capture.booth.CardEntry", make)
        yield made


@contextmanager
def _replayable(seed: int, callers: int) -> Iterator[None]:
    try:
        yield
    except BaseException as failed:
        command = (
            f"TELLERLINE_SEED={seed} TELLERLINE_CALLERS={callers} pytest tests/sim/test_random_callers.py"
        )
        failed.add_note(f"seed {seed}; to play it again: {command}")
        raise


def _check_calls(played: Played) -> None:
    house, outcomes = played.house, Counter(session.outcome for session in played.house.kept)
    assert not house.switch.up
    assert house.runner.calls == 0
    assert sum(outcomes.values()) == len(played.callers)
    assert all(session.ended_at for session in house.kept)
    ended = [fact.call for fact in house.told(CallEnded)]
    assert sorted(ended) == sorted(fact.call for fact in house.told(CallStarted))
    assert len(set(ended)) == len(ended)
    assert played.tasks_left == 0


def _check_money(played: Played) -> None:
    house = played.house
    captured = {payment.id: payment for payment in house.payments.all if payment.state is State.CAPTURED}
    charged = [(entry.payment, entry.taken_minor) for entry in house.gateway.books.charged]
    assert not [payment for payment in house.payments.all if payment.state in UNSETTLED]
    assert sorted(charged) == sorted((payment.id, payment.amount.minor) for payment in captured.values())
    assert sum(posting.amount.minor for posting in house.payments.ledger) == 0
    owed = sum(p.amount.minor for p in house.payments.ledger if p.account.startswith("gateway:"))
    assert owed == sum(amount for _, amount in charged)
    calls = [payment.call for payment in captured.values()]
    assert len(set(calls)) == len(calls)
    told = {session.id for session in house.kept if session.outcome == "paid"}
    assert told <= set(calls)


def _check_secrets(played: Played) -> None:
    assert not any(entry.count(field) for entry in played.entries for field in CardField)
    assert len(played.house.vault) == 0
    assert leaks(played.texts, played.cards) == []


async def test_whatever_callers_do_calls_end_money_adds_up_and_no_card_shows() -> None:
    with _replayable(SEED, CALLERS):
        played = await _play(SEED, CALLERS)
        _check_calls(played)
        _check_money(played)
        _check_secrets(played)
        outcomes = {session.outcome for session in played.house.kept}
    if CALLERS >= 1000:  # the callers were not all the same
        assert {"paid", "declined", "hung_up", "no_input", "pending", "failed", "spoke_to_agent"} <= outcomes
        assert len(played.entries) > CALLERS / 10


async def test_the_same_seed_plays_the_same_calls() -> None:
    once, again = [await _play(SEED, 60) for _ in range(2)]
    assert [fact.outcome for fact in once.house.told(CallEnded)] == [
        fact.outcome for fact in again.house.told(CallEnded)
    ]
    assert [fact.seconds for fact in once.house.told(CallEnded)] == [
        fact.seconds for fact in again.house.told(CallEnded)
    ]


@pytest.mark.parametrize(
    "planted",
    [
        "4012888888881881",
        "card=4012 8888 8888 1881",
        "4012-8888-8888-1881",
        "four zero one two eight eight eight eight eight eight eight eight one eight eight one",
        repr(Answered(CallId("call_1"), "account", "401288888888")),
    ],
)
def test_a_card_that_is_planted_on_purpose_is_found(planted: str) -> None:
    assert leaks(["call ended", planted], ["4012888888881881"]) == [planted]


def test_the_last_four_digits_of_a_card_may_show() -> None:
    assert leaks(["************1881", "ending in one eight eight one"], ["4012888888881881"]) == []


def test_a_failure_tells_how_to_play_it_again() -> None:
    with pytest.raises(AssertionError) as failed, _replayable(3, 7):
        raise AssertionError("a call did not end")
    assert "TELLERLINE_SEED=3 TELLERLINE_CALLERS=7 pytest" in failed.value.__notes__[0]
