"""A walk through a flow: the same interpreter on a line in memory and in virtual time, in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

import anyio
import anyio.to_thread
from structlog.contextvars import bound_contextvars

from core.clock import SystemClock
from core.ids import AccountId
from core.money import Money
from core.virtual_time import LoopClock, VirtualTimeLoop
from ivr.accounts import Account
from ivr.capture.booth import Safe
from ivr.capture.guard import Guard
from ivr.capture.terms import CaptureTerms
from ivr.conversation import House
from ivr.handover import Handover
from ivr.memory import MemoryAccounts, MemorySessions
from ivr.memory_requests import MemoryRequests
from ivr.question import Pace
from ivr.record import Record
from ivr.runner import Limits, Runner
from ivr.services import Services
from ivr.texts import Texts
from ivr.written.flow import Written
from ivr.written.library import Library
from ivr.written.play import leads
from ivr.written.steps import Connect, Transfer
from ivr.written.walk import Noted, Notes, Walk
from messages.memory import MemoryLetters
from payments.brand import Brand
from payments.desk import Desk
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.links.memory import MemoryLinks
from payments.links.offering import Offering
from payments.memory import MemoryPayments
from payments.memory_money_back import memory_stores
from payments.route import FirstRoute
from payments.vault import Vault
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers, FakeSwitch
from tts.fake import SilentSounds

BILL: Final = Account(AccountId("walk"), "1234", Money(12_550, "USD"))
"""The one bill that callers of a walk may have."""

_CALLER: Final = "+15550100"
_AGENTS: Final = "201"
_PACE: Final = Pace(first_key_s=60.0, next_key_s=1.0, still_there=0)
_QUIET_S: Final = 1.5  # of silence: the line waits, and not for one more key
_LONGEST_S: Final = 3 * 3600.0
_ONE: Final = anyio.CapacityLimiter(1)


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks through flows; `languages` are those that the line speaks."""

    library: Library
    texts: Texts
    languages: tuple[str, ...]

    async def __call__(self, written: Written, walk: Walk) -> Sequence[Noted]:
        """What happened up to the moment when keys are missing, or the call ended."""
        run = partial(
            anyio.run, _walked, self, written, walk, backend_options={"loop_factory": VirtualTimeLoop}
        )
        return await anyio.to_thread.run_sync(run, limiter=_ONE)


async def _walked(walker: Walker, written: Written, walk: Walk) -> Sequence[Noted]:
    notes, clock = Notes(), LoopClock(walk.at or SystemClock().now())
    switch = FakeSwitch(seconds=SilentSounds.seconds)
    switch.answers = {to: Answers(_talks) for to in (_AGENTS, *_whom(written))}
    payments, vault = MemoryPayments(clock, {BILL.id: BILL.due}), Vault()
    chance = Random(0)  # noqa: S311 - nothing here is secret
    gateway = SandboxGateway(chance)
    gateways = {gateway.name: gateway}
    desk = Desk(memory_stores(payments), vault, gateways, FirstRoute([gateway]), clock=clock, chance=chance)
    links = MemoryLinks(clock, payments.find)
    house = House(
        texts=walker.texts,
        sounds=SilentSounds(),
        facts=notes,
        record=Record(MemorySessions()),
        handover=Handover(switch.originate),
        services=Services(
            MemoryAccounts([BILL]),
            desk,
            CaptureTerms(accepted=frozenset(Brand)),
            _AGENTS,
            requests=MemoryRequests(clock),
            links=Offering(
                links,
                MemoryLetters(),
                clock,
                base_url="https://pay.example.com",
                lasts=timedelta(hours=72),
            ),
            clock=clock,
        ),
        clock=clock,
        safe=Safe(vault, clock, Guard({})),
        pace=_PACE,
        language=walk.language,
        languages=walker.languages,
    )
    flow = leads(written, walker.library.ahead(written))
    runner = Runner(switch, {written.name: flow}, house, Limits(calls=1))
    with (
        anyio.move_on_after(_LONGEST_S),
        bound_contextvars(walk=written.name),
    ):  # the log tells it from a call
        async with anyio.create_task_group() as tasks:
            for run in (switch.run, desk.run, vault.run, runner.run):
                await tasks.start(run)
            script = partial(_keys_in, walk, notes)
            phone = switch.place(script, caller=_CALLER, flow=written.name, language=walk.language)
            await phone.ended()
            await runner.drained()
            tasks.cancel_scope.cancel()
    return _up_to_waiting(notes.all)


async def _keys_in(walk: Walk, notes: Notes, phone: Phone) -> None:
    for keys in walk.keys:
        await _until_it_waits(phone)
        notes.note("pressed", keys)
        await phone.press(keys)
    await _until_it_waits(phone)
    notes.note("waits", "")
    phone.hang_up()


async def _until_it_waits(phone: Phone) -> None:
    sounds, heard = phone.call.sounds, -1
    while heard != len(sounds.all) or sounds.quiet_at > anyio.current_time():
        heard = len(sounds.all)
        await anyio.sleep(max(sounds.quiet_at - anyio.current_time(), 0) + _QUIET_S)
        sounds.refuse_when_over()


async def _talks(phone: Phone) -> None:
    await anyio.sleep(1)
    phone.hang_up()


def _whom(written: Written) -> list[str]:
    """Whom the flow calls."""
    return [
        step.connect if isinstance(step, Connect) else step.transfer
        for step in written.steps.values()
        if isinstance(step, Connect | Transfer)
    ]


def _up_to_waiting(noted: list[Noted]) -> Sequence[Noted]:
    """Without what follows only because the walker hung up."""
    place = next((place for place, one in enumerate(noted) if one.kind == "waits"), len(noted))
    return noted[: place + 1]
