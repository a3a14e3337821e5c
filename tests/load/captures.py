"""A thousand captures through Asterisk, a hundred at once: each card is followed from the finger to the Desk.

Whom a busy line turned away keyed in nothing that counts: they call again.

Every caller keys in another card. What arrived is told by its fingerprint, an HMAC of all its digits: one
that is lost, doubled or out of order makes another.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console
from sqlalchemy import text
from sqlalchemy.engine import RowMapping

from node.fraud_key import fraud_key
from node.prove.beep import beeping
from node.stack.callers import Callers
from payments.brand import Brand
from payments.card import CardEntry, CardField
from payments.fraud.keys import Marker
from rehearsal.cards import random_card
from tests.load.caller import Caller
from tests.load.figure import Figure
from tests.load.keys_told import Key, Told, door, told
from tests.load.lab import Lab, lab
from tests.load.trial import Pace, Tell, captures

CAPTURES: Final = 1_000
AT_ONCE: Final = 100
_CPS: Final = (7.5, 2.0, 1.0)  # the later ones for those who call again
_PACE: Final = Pace(1.0, 1.0, 4.0, 4.5, 4.5, 0.0, 35.0, 2.0)  # some 18 s of it go by in the capture
_SHOWN: Final = 10

_MARKS: Final = """
SELECT a.number, array_agg(t.fingerprint) AS marks
  FROM accounts a JOIN attempts t ON t.account = a.id
 WHERE a.number = ANY(:numbers) GROUP BY 1
"""
_NOTED: Final = """
SELECT c.caller_index AS caller,
       string_agg(f.kind || ' ' || (f.body - 'call')::text, '; ' ORDER BY f.seq) AS noted
  FROM calls c JOIN facts f ON f.call = c.id
 WHERE f.kind IN ('card_refused', 'pressed', 'capture_ended', 'call_ended')
 GROUP BY 1
"""
_TURNED_AWAY: Final = "turned_away"
_NEWEST: Final = """
SELECT DISTINCT ON (caller_index) caller_index, outcome FROM calls ORDER BY caller_index, started_at DESC
"""
_BUSIEST: Final = """
WITH spans AS (
  SELECT call, min(at) FILTER (WHERE kind = 'said' AND body->>'prompt' = 'card_number') AS began,
         max(at) FILTER (WHERE kind = 'capture_ended') AS ended
    FROM facts GROUP BY call)
SELECT max(at_once) AS at_once FROM (
  SELECT (SELECT count(*) FROM spans o WHERE o.began <= s.began AND o.ended > s.began) AS at_once
    FROM spans s) each
"""


async def digits_lost_asterisk(
    folder: Path, console: Console, tell: Tell, many: int = CAPTURES
) -> list[Figure]:
    """Captures of many that ended with other digits than were keyed in, or not at all."""
    voice = {"TELLERLINE_VOICE_PROGRAM": str(beeping(folder / "voice"))}
    chance = Random(many)
    cards = [random_card(chance) for _ in range(many)]
    lost, busy, left = 0, 0, cards
    ami = door()
    async with lab(folder, voice, ami.files) as line, told(ami) as keys:
        for cps in _CPS:
            numbers, people, held = await captures(line, left, cps, _PACE, tell)
            console.print(f"  capture: {held.told}", highlight=False)
            exact = await _exact(line, numbers, left)
            away = await _turned_away(line, people)
            fine = [good or gone for good, gone in zip(exact, away, strict=True)]
            for slip in await _slips(line, people, fine, keys):
                console.print(f"  {slip}", highlight=False)
            lost += fine.count(False)
            left = [card for card, gone in zip(left, away, strict=True) if gone]
            busy += len(left)
            if not left:
                break
            console.print(f"  capture: {len(left)} were turned away by a busy line", highlight=False)
        busiest = int(str((await _rows(line, _BUSIEST))[0]["at_once"]))
    lost += len(left)
    return [
        Figure("capture.digits_lost_asterisk", lost, "captures", 0, f"of {many} through Asterisk", 0),
        Figure("capture.turned_away", busy, "calls", 0, "of those, by a line that was busy", 0),
        Figure(
            "capture.at_once", busiest, "calls", AT_ONCE, "entering cards at once, in that run", less=False
        ),
    ]


async def _exact(line: Lab, numbers: Sequence[str], cards: Sequence[str]) -> list[bool]:
    """Which cards came to the Desk as they were keyed in, once."""
    arrived = await _arrived(line, numbers)
    marker = Marker(fraud_key("", line.line.folder / "data"))
    return [arrived.get(number) == [_mark(marker, card)] for number, card in zip(numbers, cards, strict=True)]


async def _turned_away(line: Lab, people: Sequence[Caller]) -> list[bool]:
    """Whose newest call the line did not take, because it was busy."""
    newest = await _rows(line, _NEWEST)
    rows = {bytes(row["caller_index"]): row["outcome"] for row in newest if row["caller_index"]}
    callers = Callers(line.line.folder, line.work)
    return [rows.get(await callers.index(f"+155500{one.port}")) == _TURNED_AWAY for one in people]


async def _arrived(line: Lab, numbers: Sequence[str]) -> dict[str, list[str]]:
    """The fingerprints of all cards that came to the Desk, by account."""
    rows = await _rows(line, _MARKS, numbers=list(numbers))
    return {str(row["number"]): [str(mark) for mark in row["marks"]] for row in rows}


async def _slips(line: Lab, people: Sequence[Caller], exact: Sequence[bool], keys: Told) -> list[str]:
    """A line about each of the first callers whose keys did not all come through: where they went."""
    noted = {bytes(row["caller"]): row["noted"] for row in await _rows(line, _NOTED) if row["caller"]}
    callers = Callers(line.line.folder, line.work)
    found: list[str] = []
    for one, good in zip(people, exact, strict=True):
        caller = f"+155500{one.port}"
        if not good:
            pressed = "".join(typing.keys for typing in one.types)[: len(one.pressed)]
            told_keys = "".join(key.sign for key in keys.by(caller))
            index = await callers.index(caller)
            found.append(f"{caller} pressed {pressed}, Asterisk told {told_keys}; {noted.get(index)}")
            found.append(_side_by_side(one, pressed, keys.by(caller)))
    return found[: 2 * _SHOWN]


def _side_by_side(one: Caller, pressed: str, keys: Sequence[Key]) -> str:
    """When each key was let go, and when and how long Asterisk saw it, in milliseconds of the call."""
    began = one.pressed[0] if one.pressed else 0.0
    sent = " ".join(
        f"{sign}@{1000 * (at - began):.0f}" for sign, at in zip(pressed, one.pressed, strict=False)
    )
    seen = " ".join(f"{key.sign}@{1000 * (key.at_s - began):.0f}/{key.held_ms}" for key in keys)
    return f"  sent {sent}\n  seen {seen}"


def _mark(marker: Marker, card: str) -> str:
    entry = CardEntry(frozenset(Brand))
    try:
        for digit in card.encode():
            entry.append(CardField.NUMBER, digit)
        return marker.fingerprint(entry)
    finally:
        entry.close()


async def _rows(line: Lab, query: str, **values: object) -> Sequence[RowMapping]:
    async with line.work.begin() as tx:
        return (await tx.execute(text(query), values)).mappings().all()
