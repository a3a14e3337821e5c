"""What is wrong between the steps of a written flow, all of it, each with its key and with advice."""

from collections.abc import Collection, Iterator, Mapping

from core.near import did_you_mean
from ivr.written.anatomy import gives, ways
from ivr.written.cases import Kind, mistake_in
from ivr.written.draft import Draft, Known, Wrong
from ivr.written.flow import AnyStep
from ivr.written.graph import mistakes_in_ways
from ivr.written.says import mistakes_in_says
from ivr.written.steps import ENDS, Branch, Connect, Digits, Do, Menu, Run, Transfer, WhenOpen

Values = Mapping[str, Kind]


def check(draft: Draft, known: Known) -> Iterator[Wrong]:
    """All that is wrong."""
    kinds = draft.kinds
    yield from _names(draft)
    for name, step in draft.steps.items():
        for key, reason in _in_step(draft, step, known, kinds):
            yield ("steps", name, *key), reason
    if draft.whole and draft.steps:
        yield from mistakes_in_ways(draft, known.texts)


def _names(draft: Draft) -> Iterator[Wrong]:
    for name in draft.names:
        if name in ENDS:
            yield ("steps", name), f"{name} {ENDS[name]}, and is no step: choose another name"
    for name, kind in draft.kinds.items():
        others = {gives(step)[name].value for step in draft.steps.values() if name in gives(step)}
        for other in sorted(others - {kind.value}):
            yield ("steps",), f"{name} is {other} here and {kind.value} there: give each its own name (`as`)"


def _in_step(draft: Draft, step: AnyStep, known: Known, kinds: Values) -> Iterator[Wrong]:
    goals = {*draft.names, *ENDS}
    for way in ways(step):
        if way.to not in goals:
            yield way.at, f"there is no step {way.to}{did_you_mean(way.to, goals)}"
    yield from mistakes_in_says(step, draft.languages, known.texts, kinds)
    yield from _named(draft, step, known)
    match step:
        case Menu():
            yield from _words(step, draft.languages)
        case Digits() if step.least > step.most:
            yield ("least",), f"must be {step.most} at most, as `most` says"
        case Branch():
            yield from _cases(step, kinds)
        case Do() if step.paid is not None and step.do != "take_payment":
            yield ("paid",), "belongs to `do: take_payment` alone: leave it out"
        case _:
            pass


def _named(draft: Draft, step: AnyStep, known: Known) -> Iterator[Wrong]:
    match step:
        case WhenOpen() if step.hours not in draft.head.hours:
            hint = did_you_mean(step.hours, draft.head.hours) or ": write them under `hours`"
            yield ("hours",), f"there are no hours {step.hours}{hint}"
        case Run() if step.run == draft.name or step.run not in known.flows:
            hint = "" if step.run == draft.name else did_you_mean(step.run, known.flows)
            yield ("run",), f"there is no other flow {step.run}{hint}"
        case Connect(connect=to) | Transfer(transfer=to) if known.reaches and not known.reaches(to):
            yield (
                (step.verb,),
                f"nobody is called {to}, and no trunk dials it: name an extension, a queue or a number",
            )
        case _:
            pass


def _words(step: Menu, languages: Collection[str]) -> Iterator[Wrong]:
    first: dict[tuple[str, str], str] = {}
    for key, choice in step.keys.items():
        for language, phrases in choice.words.items():
            if language not in languages:
                yield ("keys", key, "words", language), f"the flow does not speak {language}"
            for phrase in phrases:
                other = first.setdefault((language, phrase.lower()), key)
                if other != key:
                    yield (
                        ("keys", key, "words", language),
                        f"{phrase!r} is what key {other} is called already",
                    )


def _cases(step: Branch, kinds: Values) -> Iterator[Wrong]:
    kind = kinds.get(step.branch)
    if kind is None:
        hint = did_you_mean(step.branch, kinds) or ": ask for it first, with `as`"
        yield ("branch",), f"no step asks for {step.branch}{hint}"
        return
    for case in step.cases:
        if reason := mistake_in(case, kind):
            yield ("cases", case), reason
