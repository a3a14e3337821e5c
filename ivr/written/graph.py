"""The ways through a written flow: steps never reached, loops without an answer, values too early."""

from collections.abc import Iterator, Mapping

from ivr.texts import Texts
from ivr.written.anatomy import gives, ways
from ivr.written.draft import Draft, Wrong
from ivr.written.flow import AnyStep
from ivr.written.says import placeholders_of
from ivr.written.steps import Branch, Do


def mistakes_in_ways(draft: Draft, texts: Texts) -> Iterator[Wrong]:
    """All of them; the draft is whole, and has a first step."""
    yield from _unreached(draft)
    yield from _loops(draft)
    yield from _too_early(draft, texts)


def _unreached(draft: Draft) -> Iterator[Wrong]:
    reached = set[str]()
    coming = [next(iter(draft.steps))]
    while coming:
        name = coming.pop()
        if name in draft.steps and name not in reached:
            reached.add(name)
            coming += [way.to for way in ways(draft.steps[name])]
    for name in draft.steps:
        if name not in reached:
            yield ("steps", name), "no step leads here: lead one to it, or take it out"


def _loops(draft: Draft) -> Iterator[Wrong]:
    """Ways without an answer that lead back: whoever says nothing would go round for ever."""
    done = set[str]()
    for start in draft.steps:
        yield from _back_from(start, (), draft.steps, done)


def _back_from(
    name: str, path: tuple[str, ...], steps: Mapping[str, AnyStep], done: set[str]
) -> Iterator[Wrong]:
    if name in done:
        return
    for way in ways(steps[name]):
        if way.answered or way.to not in steps:
            continue
        if way.to in (*path, name):
            yield (
                ("steps", name, *way.at),
                f"leads back to {way.to} without an answer of the caller, who would go round for ever: "
                "ask something on the way, or end",
            )
        else:
            yield from _back_from(way.to, (*path, name), steps, done)
    done.add(name)


def _too_early(draft: Draft, texts: Texts) -> Iterator[Wrong]:
    """Values that a step speaks of, or branches on, where not every way to it has asked for them."""
    have = _known_at(draft)
    everything = frozenset(draft.kinds)
    for name, step in draft.steps.items():
        wanted = _wanted(step, texts) & everything
        for value in sorted(wanted - have.get(name, everything)):
            yield (
                ("steps", name),
                f"{value} is not known on every way that leads here: ask for it before, on each of them",
            )


def _wanted(step: AnyStep, texts: Texts) -> frozenset[str]:
    found = placeholders_of(step, texts)
    return found | {step.branch} if isinstance(step, Branch) else found


def _known_at(draft: Draft) -> Mapping[str, frozenset[str]]:
    """For each step that is reached, the values that all ways to it have asked for."""
    have: dict[str, frozenset[str]] = {next(iter(draft.steps)): frozenset()}
    changed = True
    while changed:
        changed = False
        for name, step in draft.steps.items():
            if name not in have:
                continue
            for way in ways(step):
                behind = have[name] | (gives(step).keys() if _settles(step, way.answered) else frozenset())
                before = have.get(way.to)
                after = behind if before is None else before & behind
                if after != before:
                    have[way.to], changed = after, True
    return have


def _settles(step: AnyStep, answered: bool) -> bool:
    return answered or isinstance(step, Do)
