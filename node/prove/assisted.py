"""What caller and agent do with a canary card while they talk, for each way out of a capture."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from core.audio import Audio
from core.errors import OutOfReach
from node.prove import plays
from node.prove.agents import EXTENSION, OnDuty
from node.prove.beep import beep
from node.prove.books import Astray
from node.prove.desktop import Desktop, Shown, desktop
from node.prove.goertzel import loudest
from node.prove.leak import leak
from node.prove.leg import leg_of
from node.prove.plays import PART, Player
from rehearsal.phone import Phone
from rehearsal.script import Dtmf
from rehearsal.sound import RATE_HZ

CALLER_HZ, AGENT_HZ = 500, 1900
"""What each says: a tone that no keypad makes."""

_OTHER = {Dtmf.RFC4733: Dtmf.INFO, Dtmf.INFO: Dtmf.INBAND, Dtmf.INBAND: Dtmf.RFC4733}
"""How keys that leaked would reach the agent, by how the caller's come; in a call that pays, the same way."""

_TERMS = {"ChargeAmount": "12.50", "PostalCode": "false", "Timeout": "20"}
_NOBODY = "299"
_SPOKEN_S = 2.5
_HEARD_S = 10.0
_LOUD = 1e-3  # of full scale, squared: about -30 dBFS
_LOOK_S = 0.2
_LONG_S = 3600.0


async def pays(player: Player) -> None:
    """Both talk while all of the card is keyed in; the agent has it charged, and then sees what a leak is."""
    async with _in_a_session(player, player.dtmf) as desk:
        await _keys_while_both_talk(player, desk)
        await _keys(player, desk, "expiration-date", player.card.expiry)
        await _keys(player, desk, "security-code", player.card.code)
        await desk.end("complete")
        await desk.until(lambda shown: shown.get("Result") == "success", "the card was not charged")
    if player.dtmf is Dtmf.RFC4733:
        stage = player.stage
        await leak(player.phone, _agent(player).folder, stage.line.addresses, EXTENSION, stage.control.keys)
    await _agent_leaves(player)


async def cancel(player: Player) -> None:
    """The caller cancels in the middle of the number; it is begun again, and the agent cancels."""
    async with _in_a_session(player) as desk:
        await _begins(player, desk)
        await player.press("**")
        await desk.until(_is_cancelled, "two stars did not cancel")
        await desk.open(**_terms(player))
        await _begins(player, desk)
        await desk.end("cancel")
        await desk.until(_is_cancelled, "the agent could not cancel")
    await _agent_leaves(player)


async def fall_silent(player: Player) -> None:
    """No further key in the middle of the number, until the field is given up."""
    async with _in_a_session(player, Timeout="2", MaxAttempts="1") as desk:
        await _begins(player, desk)
        await desk.until(lambda shown: "For" not in shown, "the field was not given up")
    await _agent_leaves(player)


async def hang_up(player: Player) -> None:
    """All but the last digit of the code, and the caller is gone."""
    async with _in_a_session(player) as desk:
        await _keys(player, desk, "payment-card-number", f"{player.card.number}#")
        await _keys(player, desk, "expiration-date", player.card.expiry)
        await desk.ask("security-code")
        await player.press(player.card.code[:-1])
        await player.phone.hang_up()
        await player.stage.books.ended(player.number)


async def is_left(player: Player) -> None:
    """The agent hangs up in the middle of the number, and the caller keys in the rest."""
    async with _in_a_session(player) as desk:
        await _begins(player, desk)
        await _agent(player).phone.hang_up()
        await player.press(player.card.number[PART:])
        await player.is_hung_up_on()


async def is_sent_on(player: Player) -> None:
    """The agent presses the transfer key in the middle of the number; nobody is there, and it goes on."""
    async with _in_a_session(player) as desk:
        await _begins(player, desk)
        await _agent(player).phone.transfer(_NOBODY)
        await player.stage.books.handed_over(player.number, times=2)
        await player.press(f"{player.card.number[PART:]}#")
        await desk.taken("payment-card-number")
        await desk.end("cancel")
    await _agent_leaves(player)


async def loses_the_controller(player: Player) -> None:
    """The controller is killed in the middle of the number; the rest is keyed in, and another takes over."""
    async with _in_a_session(player) as desk:
        await _begins(player, desk)
        await plays.controller_dies(player)


async def loses_asterisk(player: Player) -> None:
    """Asterisk is restarted in the middle of the number; the call is lost."""
    async with _in_a_session(player) as desk:
        await _begins(player, desk)
        await plays.asterisk_restarts(player)


@asynccontextmanager
async def _in_a_session(player: Player, to_agent: Dtmf | None = None, **terms: str) -> AsyncIterator[Desktop]:
    """Caller and agent talk, and the agent has opened a session; leaking keys would go by `to_agent`."""
    books = player.stage.books
    await books.handed_over(player.number)
    async with leg_of(player.stage.line.addresses, EXTENSION) as leg:
        await leg.has_keys_by((to_agent or _OTHER[player.dtmf]).value)
    line = player.stage.line.stack
    async with desktop(line.api, line.headers, await books.call(player.number)) as desk:
        await desk.open(**{**_terms(player), **terms})
        yield desk


def _terms(player: Player) -> dict[str, str]:
    return {**_TERMS, "StatusCallback": player.stage.callback}


async def _keys(player: Player, desk: Desktop, step: str, keys: str) -> None:
    await desk.ask(step)
    await player.press(keys)
    await desk.taken(step)


async def _begins(player: Player, desk: Desktop) -> None:
    """The card's number, not all of it."""
    await desk.ask("payment-card-number")
    await player.press(player.card.number[:PART])
    await player.stage.books.keyed(player.number, PART)


async def _keys_while_both_talk(player: Player, desk: Desktop) -> None:
    """A telephone that sends keys as tones says one thing at a time."""
    agent = _agent(player)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_is_heard, player.phone, agent.phone, CALLER_HZ, agent)
        tasks.start_soon(_is_heard, agent.phone, player.phone, AGENT_HZ, agent)
        if player.dtmf is not Dtmf.INBAND:
            tasks.start_soon(_keys, player, desk, "payment-card-number", f"{player.card.number}#")
    if player.dtmf is Dtmf.INBAND:
        await _keys(player, desk, "payment-card-number", f"{player.card.number}#")


async def _is_heard(speaker: Phone, listener: Phone, hertz: int, agent: OnDuty) -> None:
    """One speaks, and the other hears it while the card is keyed in."""
    before = len(_all(listener).pcm)
    await speaker.speak(beep(agent.folder / f"{hertz}.wav", hertz, _SPOKEN_S))
    with anyio.move_on_after(_HEARD_S):
        while loudest(Audio(_all(listener).pcm[before:], RATE_HZ), hertz) < _LOUD:  # noqa: ASYNC110 - a file grows
            await anyio.sleep(_LOOK_S)
        return
    raise Astray(f"{hertz} Hz was spoken and not heard while a card was keyed in")


def _all(phone: Phone) -> Audio:
    return phone.received.between(0, _LONG_S)


def _agent(player: Player) -> OnDuty:
    if player.agent is None:
        raise OutOfReach("no agent is on duty in this play")
    return player.agent


async def _agent_leaves(player: Player) -> None:
    await _agent(player).phone.hang_up()
    await player.is_hung_up_on()


def _is_cancelled(shown: Shown) -> bool:
    return bool(shown["Status"] == "cancel")
