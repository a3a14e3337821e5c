"""What a caller does with a canary card, for each way out of a capture."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio

from core.errors import OutOfReach
from node.parts.baresip import baresip_paths
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.prove.agents import Agents, OnDuty
from node.prove.books import Astray, Books
from node.prove.canary import Canary
from node.prove.line import ProvenLine
from node.stack.ports import HOST
from rehearsal.account import Caller, Installed, Line
from rehearsal.phone import Answered, Phone
from rehearsal.phones import Phones
from rehearsal.ports import PortRange
from rehearsal.script import Dtmf, Rhythm
from rehearsal.stage import NewPhone

NUMBER = "1000"
PART = 12
"""So many digits are keyed in before a capture is broken off."""

_LONGEST_S = 120.0
_PHONES, _AGENTS = PortRange(25_000, 25_799), PortRange(25_800, 25_999)
_RHYTHMS = {
    Dtmf.RFC4733: Rhythm(every_s=0.26, held_s=0.1),
    Dtmf.INFO: Rhythm(every_s=0.06, held_s=0.04),
    Dtmf.INBAND: Rhythm(every_s=0.22, held_s=0.1),
}
_OVER_S = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What all plays share: the line, its books, telephones, agents, and the card that is planted."""

    line: ProvenLine
    books: Books
    new_phone: NewPhone
    agents: Agents
    control: Canary
    callback: str


def stage_on(line: ProvenLine, books: Books, control: Canary, callback: str = "") -> Stage:
    """The stage of a line that is up; status callbacks of captures go to `callback`."""
    baresip = find(Part.BARESIP, local_folder())
    installed = Installed(tuple(baresip.argv()), baresip_paths(baresip))
    sip = line.stack.ports.sip
    callers = Phones(installed, Line(HOST, sip), line.folder / "callers", _PHONES)
    agents = Agents(installed, sip, line.folder / "agents", _AGENTS)
    return Stage(line, books, callers.new_phone, agents, control, callback)


@dataclass(frozen=True, slots=True)
class Player:
    """A caller in a call, with a card in hand and a bill to pay; `agent` picks up where the play has one."""

    stage: Stage
    phone: Phone
    number: str
    account: str
    card: Canary
    dtmf: Dtmf
    agent: OnDuty | None = None

    async def press(self, keys: str) -> None:
        """Key something in."""
        await self.phone.press(keys, _RHYTHMS[self.dtmf])

    async def asked(self, prompt: str, keys: str, times: int = 1) -> None:
        """Wait for a question, and answer it."""
        await self.said(prompt, times)
        await self.press(keys)

    async def said(self, prompt: str, times: int = 1, within_s: float = 20.0) -> None:
        """Wait until the line says something."""
        await self.stage.books.said(self.number, prompt, times, within_s)

    async def comes_to_the_card(self) -> None:
        """All that stands before it."""
        await self.asked("ask_account", f"{self.account}#")
        await self.asked("ask_how_much", "1")
        await self.said("card_number")

    async def begins_the_card(self) -> None:
        """The card's number, not all of it."""
        await self.comes_to_the_card()
        await self.press(self.card.number[:PART])
        await self.stage.books.keyed(self.number, PART)

    async def is_hung_up_on(self) -> None:
        """Wait for the line to end the call."""
        with anyio.move_on_after(_OVER_S):
            await self.phone.closed()
            return
        raise Astray("the line does not hang up")


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who calls which number of the line, with which card, by which kind of keys."""

    caller: str
    account: str
    card: Canary
    dtmf: Dtmf
    number: str = NUMBER


@asynccontextmanager
async def calling(stage: Stage, ticket: Ticket, *, with_agent: bool = False) -> AsyncIterator[Player]:
    """A call that is up, for as long as the `async with` lasts."""
    await stage.books.bill(ticket.account)
    async with AsyncExitStack() as stack:
        agent = await stack.enter_async_context(stage.agents.on_duty()) if with_agent else None
        caller = Caller(ticket.caller, dtmf=ticket.dtmf)
        phone = await stack.enter_async_context(stage.new_phone(caller, _LONGEST_S))
        if not isinstance(answer := await phone.dial(ticket.number, 30), Answered):
            raise Astray(f"the line did not answer: {answer.reason}")
        yield Player(stage, phone, ticket.caller, ticket.account, ticket.card, ticket.dtmf, agent)
        await phone.hang_up()


async def pays(player: Player) -> None:
    """All of the card; it is charged."""
    await player.comes_to_the_card()
    await player.press(f"{player.card.number}#")
    await player.asked("card_expiry", player.card.expiry)
    await player.asked("card_code", player.card.code)
    await player.said("paid", within_s=40)


async def cancels(player: Player) -> None:
    """Two stars in the middle of the number."""
    await player.begins_the_card()
    await player.press("**")
    await player.said("card_cancelled")
    await player.is_hung_up_on()


async def falls_silent(player: Player) -> None:
    """No further key in the middle of the number, until the line gives up."""
    await player.begins_the_card()
    await player.said("card_failed", within_s=_OVER_S)


async def hangs_up(player: Player) -> None:
    """All but the last digit of the code, and gone."""
    await player.comes_to_the_card()
    await player.press(f"{player.card.number}#")
    await player.asked("card_expiry", player.card.expiry)
    await player.asked("card_code", player.card.code[:-1])


async def is_transferred(player: Player) -> None:
    """A card that is not taken, twice, and then a person."""
    await player.comes_to_the_card()
    for attempt in range(1, 3):
        await player.asked("card_number", f"{player.card.number}#", attempt)
    await player.said("card_failed")
    await player.asked("offer_person", "1")
    await player.stage.books.handed_over(player.number)
    await player.press("#")
    await player.phone.hang_up()
    await player.stage.books.ended(player.number)


async def loses_the_controller(player: Player) -> None:
    """The controller is killed in the middle of the number, the rest is keyed in, and another takes over."""
    await player.begins_the_card()
    await controller_dies(player)


async def loses_asterisk(player: Player) -> None:
    """Asterisk is restarted in the middle of the number; the call is lost."""
    await player.begins_the_card()
    await asterisk_restarts(player)


async def controller_dies(player: Player) -> None:
    """It is killed, the rest of the number is keyed in, and another takes over."""
    controller = player.stage.line.stack.controller
    if controller is None:
        raise OutOfReach("the line does not run")
    await controller.kill()
    await player.press(player.card.number[PART:])
    await player.stage.line.stack.start_line()
    await player.said("interrupted")


async def asterisk_restarts(player: Player) -> None:
    """It is stopped and started; the call is lost."""
    await player.stage.line.restart_asterisk()
    await player.stage.books.ended(player.number)
