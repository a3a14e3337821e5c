"""Playing a rehearsal: one call, from dialing to the last check."""

import math
from collections.abc import AsyncIterator, Iterable, Sequence

import anyio

from core.errors import TellerlineError
from core.events import Fact, Recorded, Said, SaidAll
from rehearsal import checks
from rehearsal.account import Caller
from rehearsal.acts import Acts
from rehearsal.beside import beside
from rehearsal.heard import Levels, SoundBegan, dropouts
from rehearsal.phone import Answered, NotAnswered, Phone
from rehearsal.result import Difference, Figures, NotPlayed, Played, Result
from rehearsal.script import Script
from rehearsal.stage import OnEntry, Stage, made_up_number
from rehearsal.timeline import Timeline, Who
from rehearsal.watch import LineGone, Story

PICK_UP_S = 30.0
TOLD_S = 10.0
ENDED_S = 5.0

_LISTEN_S = 0.1


async def play(script: Script, stage: Stage, on_entry: OnEntry = lambda _: None) -> Result:
    """Play one rehearsal; NotPlayed when something that it needs is out of reach."""
    caller = Caller(script.caller or made_up_number(stage.chance), script.caller_name, script.dtmf)
    if script.expected.rows and stage.rows is None:
        return NotPlayed(script.file, script.name, "it expects rows: give the database with --database")
    try:
        async with stage.watch.follow() as facts, stage.new_phone(caller, script.max_s + PICK_UP_S) as phone:
            performance = _Performance(script, stage, caller, phone, Timeline(on_entry))
            await performance.perform(facts)
        return await performance.result()
    except TellerlineError as problem:
        return NotPlayed(script.file, script.name, str(problem))


class _Performance:
    def __init__(
        self, script: Script, stage: Stage, caller: Caller, phone: Phone, timeline: Timeline
    ) -> None:
        self._script, self._stage, self._caller = script, stage, caller
        self._phone, self._timeline = phone, timeline
        self._story, self._levels = Story(), Levels()
        self._acts = Acts(phone, self._story, stage.chance, self._tell)
        self._differences: list[Difference] = []
        self._said_at: list[tuple[str, float, float]] = []
        self._dialed_at, self._answered_s = math.inf, math.inf
        self._first_sound_s: float | None = None
        self._over_s = 0.0

    async def perform(self, facts: AsyncIterator[Recorded]) -> None:
        async with beside(self._follow, facts):
            async with self._stage.claims.dialing(self._caller.number):
                answered = await self._dial()
            if answered:
                async with beside(self._listen), beside(self._notice_the_end):
                    await self._go_through()
        self._over_s = self._now_s()

    async def result(self) -> Played:
        self._take_sound()
        await self._lend_an_ear()
        figures, ended = self._figures(), self._story.ended
        if not self._differences:
            outcome = ended.outcome if ended else ""
            self._note(checks.of_call(self._script.expected, outcome, self._story.facts, figures))
            self._note(await self._compare_rows())
        return Played(
            self._script.file,
            self._script.name,
            self._caller.number,
            self._story.call,
            ended.outcome if ended else "",
            tuple(self._differences),
            figures,
            self._timeline.entries,
            tuple(self._acts.cards),
        )

    async def _dial(self) -> bool:
        self._dialed_at = anyio.current_time()
        self._tell(Who.CALLER, f"dials {self._script.dial} from {self._caller.number}")
        match await self._phone.dial(self._script.dial, PICK_UP_S):
            case NotAnswered(reason=reason):
                self._note([Difference(self._script.dial_line, f"the line did not pick up: {reason}")])
                return False
            case Answered(setup_s=setup_s):
                self._answered_s = setup_s
                self._tell(Who.CALLER, "is connected")
        if await self._story.until(lambda: self._story.call, TOLD_S) is None:
            raise LineGone(
                f"the line told nothing of the call from {self._caller.number} to {self._script.dial}: "
                "is it the API of the line that was dialed, and does the trunk pass on the caller's number?"
            )
        return True

    async def _go_through(self) -> None:
        line = self._script.dial_line
        with anyio.move_on_after(self._script.max_s) as limit:
            for step in self._script.steps:
                line = step.line
                if what := await self._acts.do(step.action):
                    self._note([Difference(step.line, what)])
                    break
            else:
                await self._story.until(lambda: self._story.ended, math.inf)
        if limit.cancelled_caught:
            self._note([Difference(line, f"the call was not over after {self._script.max_s:g} s")])
        if self._story.ended is None:
            await self._phone.hang_up()
            await self._story.until(lambda: self._story.ended, ENDED_S)

    async def _follow(self, facts: AsyncIterator[Recorded]) -> None:
        async for recorded in facts:
            if self._is_ours(recorded.fact):
                self._timeline.add_fact(self._now_s(), recorded.fact)
                self._mark(recorded.fact)
                self._story.add(recorded.fact)

    def _is_ours(self, fact: Fact) -> bool:
        if self._story.call is not None:
            return fact.call == self._story.call
        dialed = math.isfinite(self._dialed_at)
        return dialed and self._stage.claims.take(fact, self._caller.number)

    def _mark(self, fact: Fact) -> None:
        match fact:
            case Said(prompt=prompt):
                self._said_at.append((prompt, self._now_s(), math.inf))
            case SaidAll() if self._said_at:
                prompt, began_s, _ = self._said_at.pop()
                self._said_at.append((prompt, began_s, self._now_s()))

    async def _notice_the_end(self) -> None:
        closed = await self._phone.closed()
        self._tell(Who.CALLER, "was hung up on" if closed.by_line else "is gone")
        await self._story.until(lambda: self._story.ended, ENDED_S)
        self._story.close()

    async def _listen(self) -> None:
        while True:
            self._take_sound()
            await anyio.sleep(_LISTEN_S)

    def _take_sound(self) -> None:
        for change in self._levels.feed(self._phone.received.news()):
            at_s = self._answered_s + change.at_s
            if isinstance(change, SoundBegan):
                self._first_sound_s = self._first_sound_s or at_s
                self._timeline.add(at_s, Who.SOUND, "▶ sound")
            else:
                self._timeline.add(at_s, Who.SOUND, f"■ silence, was {change.loudest_dbfs:.0f} dBFS")

    async def _lend_an_ear(self) -> None:
        if self._stage.ear is None:
            return
        for prompt, began_s, ended_s in self._said_at:
            audio = self._phone.received.between(began_s - self._answered_s, ended_s - self._answered_s)
            words = await self._stage.ear.words(audio)
            self._timeline.add(ended_s, Who.SOUND, f"heard “{words}” ({prompt})")

    async def _compare_rows(self) -> Sequence[Difference]:
        if self._stage.rows is None:
            return []
        variables = {"call": self._story.call or "", "from": self._caller.number}
        return await checks.of_rows(self._script.expected, self._stage.rows, variables)

    def _figures(self) -> Figures:
        packets = self._phone.packets()
        heard = math.isfinite(self._answered_s)
        return Figures(
            setup_s=self._answered_s if heard else None,
            first_sound_s=self._first_sound_s,
            seconds=self._over_s,
            packets=packets.received if packets else None,
            lost=packets.lost if packets else None,
            jitter_ms=packets.jitter_ms if packets else None,
            dropouts=dropouts(self._phone.received.between(0, self._over_s).pcm) if heard else None,
        )

    def _note(self, differences: Iterable[Difference]) -> None:
        for one in differences:
            self._differences.append(one)
            where = f"{self._script.file}:{one.line}: "
            self._timeline.add(self._over_s or self._now_s(), Who.REHEARSAL, where + one.what, wrong=True)

    def _tell(self, who: Who, what: str) -> None:
        self._timeline.add(self._now_s(), who, what)

    def _now_s(self) -> float:
        return anyio.current_time() - self._dialed_at
