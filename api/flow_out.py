"""Written flows as the API tells them: their steps, what these say, and where they go on."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel

from db.flow_versions import FlowVersion
from dialplan.mistakes import Mistake
from dialplan.tree import parse
from ivr.texts import Texts
from ivr.written.anatomy import says, ways
from ivr.written.flow import Written
from ivr.written.says import prompt_of, words_of
from ivr.written.steps import Run
from ivr.written.words import Says


class FlowOut(BaseModel):
    """A conversation that the line can lead, and the numbers on which it does; `written` by an admin."""

    name: str
    about: str
    numbers: list[str]
    written: bool


class MistakeOut(BaseModel):
    """What is wrong: the line (from 1, 0 for none), the dotted key, the reason with advice."""

    line: int
    at: str
    what: str


class SaysOut(BaseModel):
    """What a step says: `prompt` is empty for words of the flow's own; `texts` by language."""

    key: str
    prompt: str
    texts: dict[str, str]


class WayOut(BaseModel):
    """Where a step goes on, and why: a key, an answer, a case."""

    at: str
    to: str


class StepOut(BaseModel):
    """A step: its verb, the line where it begins, what it says, and its ways."""

    name: str
    verb: str
    line: int
    does: str
    says: list[SaysOut]
    ways: list[WayOut]


class FlowText(FlowOut):
    """A flow with its text; of one that we ship there is none."""

    text: str
    languages: list[str]
    steps: list[StepOut]


class VersionOut(BaseModel):
    """A change of a flow; `by` is empty where its file was changed past the API.

    `taken_out`: from then on there was no such flow.
    """

    number: int
    at: datetime
    by: str
    taken_out: bool

    @classmethod
    def of(cls, one: FlowVersion) -> "VersionOut":
        """This version."""
        return cls(number=one.number, at=one.at, by=one.by, taken_out=one.text is None)


class VersionText(VersionOut):
    """A flow as it was: `changes` tells what that change did, line by line (a unified diff)."""

    text: str
    changes: str


class GoneOut(BaseModel):
    """A flow that was taken out, when, and by whom; its versions are there still."""

    name: str
    at: datetime
    by: str


def mistakes_out(mistakes: Iterable[Mistake]) -> list[MistakeOut]:
    """As they are told."""
    return [MistakeOut(line=one.line, at=one.key, what=one.reason) for one in mistakes]


def steps_out(written: Written, text: str, texts: Texts) -> list[StepOut]:
    """The steps in their order."""
    lines = parse(text, {}).lines
    return [
        StepOut(
            name=name,
            verb=step.verb,
            line=lines.get(("steps", name), 0),
            does=_does(getattr(step, step.verb)),
            says=[_said(".".join(key), said, written, texts) for key, said in says(step)],
            ways=[
                *(WayOut(at=" ".join(way.at), to=way.to) for way in ways(step)),
                *([WayOut(at="run", to=step.run)] if isinstance(step, Run) else []),
            ],
        )
        for name, step in written.steps.items()
    ]


def _does(value: object) -> str:
    return value if isinstance(value, str) else ""


def _said(key: str, said: Says, written: Written, texts: Texts) -> SaysOut:
    prompt = prompt_of(said, texts)
    if prompt:
        words = {one: texts.text(prompt, one) for one in written.languages if one in texts.languages}
        return SaysOut(key=key, prompt=prompt, texts=words)
    return SaysOut(key=key, prompt="", texts=dict(words_of(said, written.languages)))
