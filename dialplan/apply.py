"""Bringing a checked configuration into use, or staying with the one before."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import BadInput, OutOfReach, Refused
from dialplan.check import Parser, check
from dialplan.generations import Generations
from dialplan.mistakes import Mistake
from dialplan.read import AdminFile
from dialplan.reload import Console, missing, reload_for
from dialplan.render import render


@dataclass(frozen=True, slots=True)
class Applied:
    """The generation is in use; `at_restart` names what Asterisk takes over only when it is started again."""

    generation: int
    commands: tuple[str, ...]
    at_restart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The generation in use is already what the file describes."""

    generation: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Asterisk's parser found mistakes; nothing was written."""

    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The running Asterisk did not take it over; the generation before (None: none) is in use again."""

    generation: int | None
    reason: str


async def apply(
    admin: AdminFile, generations: Generations, parser: Parser, running: Console | None = None
) -> Applied | Unchanged | NotTaken | TakenBack:
    """Check, write a generation, switch to it, reload what changed, and see that Asterisk has it.

    Without a `running` Asterisk the files wait for its next start. Raises BadInput or Refused when the folder
    cannot be used.
    """
    files = render(admin.exchange, admin.fragments)
    with generations.alone():
        if generations.current is not None and generations.files(generations.current) == files:
            return Unchanged(generations.current)
        if mistakes := await check(admin, files, parser):
            return NotTaken(tuple(mistakes))
        number = generations.add(files)
        outcome = await _switch(generations, number, running)
        if isinstance(outcome, TakenBack):
            generations.drop(number)
        else:
            generations.prune()
        return outcome


async def roll_back(generations: Generations, running: Console | None = None) -> Applied | TakenBack:
    """Go back to the generation before the current one. Raises BadInput when there is none."""
    with generations.alone():
        current = generations.current
        before = generations.before(current) if current is not None else None
        if before is None:
            raise BadInput(
                f"{generations.etc} keeps no generation before this one: there is nothing to go back to"
            )
        return await _switch(generations, before, running)


async def _switch(generations: Generations, number: int, running: Console | None) -> Applied | TakenBack:
    before = generations.current
    old, new = generations.files(before), generations.files(number)
    try:
        generations.switch(number)
        change = reload_for(old, new)
        await _tell(running, change.commands, new)
    except (BadInput, OutOfReach, Refused) as problem:
        return await _take_back(generations, before, running, str(problem))
    return Applied(number, change.commands if running else (), change.at_restart if running else ())


async def _tell(running: Console | None, commands: tuple[str, ...], files: Mapping[str, str]) -> None:
    if running is None:
        return
    for command in commands:
        answer = await running.console(command)
        if "No such" in answer or "Unable to load" in answer:
            raise Refused(f"Asterisk answered {answer.strip()!r} to `{command}`")
    if lacks := await missing(running, files):
        raise Refused(f"Asterisk has not taken it over: {'; '.join(lacks)}")


async def _take_back(
    generations: Generations, before: int | None, running: Console | None, reason: str
) -> TakenBack:
    if before is None:
        generations.clear()
        return TakenBack(None, reason)
    failed = generations.files(generations.current)
    generations.switch(before)
    files = generations.files(before)
    try:
        await _tell(running, reload_for(failed, files).commands, files)
    except (OutOfReach, Refused) as problem:
        return TakenBack(before, f"{reason}; and then, going back: {problem}")
    return TakenBack(before, reason)
