"""Flows that are being written: checked, and walked through, without being kept."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from api.flow_out import MistakeOut, StepOut, mistakes_out, steps_out
from api.route import Asked, Route, Table
from api.routes.flows import FlowRoom, Text
from api.scopes import Scope
from dialplan.mistakes import Mistakes
from ivr.written.walk import Walk

Keys = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,40}$")]


class FlowTried(BaseModel, extra="forbid"):
    """A flow that is to be looked at, and the name that it would have."""

    name: str = Field("draft", min_length=1, max_length=64)
    text: Text


class FlowChecked(BaseModel):
    """Its mistakes; its steps where it has none."""

    mistakes: list[MistakeOut]
    languages: list[str]
    steps: list[StepOut]


class WalkOrder(FlowTried):
    """What somebody keys in at each question, in order, and the day and time at which they call."""

    language: str = Field("", max_length=10)
    keys: list[Keys] = Field([], max_length=60)
    at: AwareDatetime | None = None


class NotedOut(BaseModel):
    """What happened, in the order of time, and the step at which it did."""

    kind: Literal["step", "said", "pressed", "answered", "handed_over", "ended", "waits"]
    step: str
    text: str


class Walked(BaseModel):
    """The call so far: it `waits` at its end for keys, or has ended."""

    noted: list[NotedOut]


def routes(room: FlowRoom) -> Table:
    """The routes."""

    async def check(asked: Asked[None, FlowTried]) -> FlowChecked:
        try:
            written = room.library.read(asked.body.name, asked.body.text)
        except Mistakes as wrong:
            return FlowChecked(mistakes=mistakes_out(wrong.mistakes), languages=[], steps=[])
        steps = steps_out(written, asked.body.text, room.texts)
        return FlowChecked(mistakes=[], languages=list(written.languages), steps=steps)

    async def walked(asked: Asked[None, WalkOrder]) -> Walked:
        order = asked.body
        written = room.library.read(order.name, order.text)
        noted = await room.walk(
            written, Walk(order.language or written.languages[0], tuple(order.keys), order.at)
        )
        return Walked(noted=[NotedOut(kind=it.kind, step=it.step, text=it.text) for it in noted])

    return [
        Route(
            "POST",
            "/v1/flows/check",
            check,
            Scope.FLOWS_WRITE,
            "Tell every mistake in a flow, without keeping it",
            body=FlowTried,
            answer=FlowChecked,
            replays=False,
        ),
        Route(
            "POST",
            "/v1/flows/walk",
            walked,
            Scope.FLOWS_WRITE,
            "Walk through a flow, without keeping it and without a call",
            body=WalkOrder,
            answer=Walked,
            replays=False,
        ),
    ]
