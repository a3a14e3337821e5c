"""What is compared once a call is over: its outcome, what was said, the first sound, the database."""

from collections.abc import Iterator, Mapping, Sequence

import anyio

from core.events import Fact, Said
from rehearsal.result import Difference, Figures
from rehearsal.rows import Rows, difference, filled
from rehearsal.script import Expected, Phrase

ROWS_S = 5.0

_POLL_S = 0.1


def of_call(
    expected: Expected, outcome: str, facts: Sequence[Fact], figures: Figures
) -> Iterator[Difference]:
    """What differs in the call itself; `facts` are those of this call, in order."""
    said = [fact for fact in facts if isinstance(fact, Said)]
    if expected.outcome is not None and outcome != expected.outcome:
        yield Difference(expected.line, f"the outcome is {outcome or 'not told'}, not {expected.outcome}")
    if (missing := _missing(expected.said, said)) is not None:
        yield Difference(expected.line, f"{missing} was not said in its place; the line said: {names(said)}")
    for phrase in expected.not_said:
        if any(phrase.matches(one.prompt, one.text) for one in said):
            yield Difference(expected.line, f"{phrase} was said")
    if (limit_s := expected.first_sound_s) is not None:
        yield from _late(expected.line, figures.first_sound_s, limit_s)


async def of_rows(expected: Expected, rows: Rows, variables: Mapping[str, str]) -> list[Difference]:
    """What differs in the database; rows may come up to ROWS_S late, written after the call's end."""
    found = []
    for one in expected.rows:
        wanted = filled(one, variables)
        what = await difference(rows, wanted)
        with anyio.move_on_after(ROWS_S):
            while what:
                await anyio.sleep(_POLL_S)
                what = await difference(rows, wanted)
        if what:
            found.append(Difference(one.line, what))
    return found


def names(said: Sequence[Said]) -> str:
    """Prompts by name, in order."""
    return ", ".join(one.prompt for one in said) or "nothing"


def _missing(phrases: Sequence[Phrase], said: Sequence[Said]) -> Phrase | None:
    rest = iter(said)
    for phrase in phrases:
        if not any(phrase.matches(one.prompt, one.text) for one in rest):
            return phrase
    return None


def _late(line: int, first_s: float | None, limit_s: float) -> Iterator[Difference]:
    if first_s is None:
        yield Difference(line, "no sound was heard at all")
    elif first_s > limit_s:
        yield Difference(
            line, f"the first sound came {first_s:.3f} s after dialing, not within {limit_s:g} s"
        )
