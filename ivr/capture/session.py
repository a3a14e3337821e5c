"""A capture that an application or an agent leads: each field when it is asked for, on a call that is up.

No prompt is said to a caller who talks with a person. Agent and caller may both redo a field and cancel.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import anyio
import structlog

from core.digits import STAR
from core.errors import BadInput, CallGone, CannotKeepSecret, Refused
from core.events import CaptureEnded, CardProgress, CardRefused
from ivr.capture.booth import Booth, Safe, Work, opened
from ivr.capture.capture import paced
from ivr.capture.field import FieldKeys, Keyed, fault
from ivr.capture.prompts import Moment, asking, refusing
from ivr.capture.terms import CaptureTerms
from ivr.capture.view import Status, View
from ivr.capture.words import ErrorType, Method, Result
from ivr.prompt import Digits, Prompt
from payments.card import MATCHED, CardEntry, CardField
from payments.vault import Sealed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Told = Callable[[View], None]
_YES, _NO = ord("1"), ord("2")
_SETTLED_WITHIN_S: Final = 60.0
_CODE_GROUP: Final = 4


class CaptureRefused(Refused):
    """A session does not do what is asked of it; `error` is the hosted products' word for why."""

    def __init__(self, error: ErrorType | Result, why: str) -> None:
        super().__init__(why)
        self.error = error


class PaymentSession:
    """One session. `run` belongs to the call's task group; everything else returns at once.

    `ready` is set once nobody else hears the keys, or all is over. `told` hears of every change. `sealed`
    gets what was captured once the session is complete, and has `settled` called with the view's last fields.
    A `silent` session says no prompts.
    """

    def __init__(
        self,
        name: str,
        booth: Booth,
        safe: Safe,
        terms: CaptureTerms,
        *,
        told: Told,
        sealed: Callable[[Sealed], None],
        silent: bool,
    ) -> None:
        self._booth, self._safe, self._terms, self._told, self._sealed = booth, safe, terms, told, sealed
        self._silent = silent
        self._speaker = booth.speaker(terms.language)
        self._pace = paced(booth, terms)
        self._attempts: Counter[CardField] = Counter()
        self._one_at_a_time = anyio.Lock()
        self._entering = anyio.CancelScope()
        self._wishes = 0
        self._over = anyio.CancelScope()
        self.ready, self._settled = anyio.Event(), anyio.Event()
        self._work, self._worked = anyio.create_memory_object_stream[Work](100)
        self._finished: list[CardField] = []
        self._entry: CardEntry | None = None
        self._view = View(
            name, booth.call.id, terms, Status.OPEN, None, False, {}, None, terms.steps
        )  # fmt: skip

    @property
    def view(self) -> View:
        """How it stands."""
        return self._view

    def capture(self, step: CardField) -> None:
        """Take this field now; what another field was about to take is dropped.

        Raises CaptureRefused when the session is over or another field must come first, BadInput for a field
        that its terms do not ask for.
        """
        self._refuse_when_over()
        if step not in self._terms.steps:
            asked = ", ".join(one.value for one in self._terms.steps)
            raise BadInput(f"{step.value} is not asked for in this session; there are: {asked}")
        first = CardField.NUMBER if step is CardField.CODE else MATCHED.get(step)
        if first is not None and first not in self._finished:
            error = ErrorType.SEQUENCE if step is CardField.CODE else ErrorType.MATCH
            raise CaptureRefused(error, f"{step.value} is captured after {first.value}, which is missing")
        self._attempts[step] = 0
        self._begin(lambda: self._enter(step))
        self._view = replace(self._view, step=step, partial=False)

    def complete(self) -> None:
        """Use what was captured. Raises CaptureRefused when a field is missing, or the session is over."""
        self._refuse_when_over()
        if self._view.required:
            missing = ", ".join(step.value for step in self._view.required)
            raise CaptureRefused(Result.VALIDATION_ERROR, f"these fields are still missing: {missing}")
        self._begin(self._confirm if self._terms.confirm else self._seal)

    def cancel(self) -> None:
        """End it, and overwrite all digits. Cancelling what is over does nothing."""
        self._end(Status.CANCELLED, None)

    def settled(self, **known: object) -> None:
        """What came of it: the last fields of the view."""
        self._change(**known)
        self._settled.set()
        if self._view.result is not None:
            self._booth.facts.tell(CaptureEnded(self._booth.call.id, self._view.result.value))

    async def run(self) -> None:
        """Serve until it is complete, cancelled, too old, or the call is over."""
        try:
            with self._over, anyio.move_on_after(self._terms.longest_s):
                async with self._booth.call.deafened(), anyio.create_task_group() as tasks:
                    self._entry = opened(self._terms)
                    self._booth.keypad.forget()  # what was pressed before answers nothing here
                    self.ready.set()
                    tasks.start_soon(self._watch_stars)
                    async for work in self._worked:
                        tasks.start_soon(work)
            self._end(Status.CANCELLED, Result.TOO_MANY_ATTEMPTS, ErrorType.TIMEOUT)
            await self._tell_end()
        except* CallGone:
            self._end(Status.CANCELLED, Result.HUNG_UP)
        except* (CannotKeepSecret, Refused) as why:
            log.error("capture ended: digits cannot be kept safe", why=str(why.exceptions[0]))
            self._end(Status.CANCELLED, Result.INTERNAL_ERROR, ErrorType.INTERNAL)
        except* Exception:
            log.exception("capture broke")
            self._end(Status.CANCELLED, Result.INTERNAL_ERROR, ErrorType.INTERNAL)
        finally:
            self._end(Status.CANCELLED, Result.HUNG_UP)
            self.ready.set()
            self._work.close()
            self._worked.close()
            self._booth.keypad.forget()
            if self._entry is not None:
                self._entry.close()

    def _begin(self, work: Work) -> None:
        """Do this as soon as what is being done has stopped; the newest wish alone counts."""
        self._entering.cancel()
        self._wishes += 1
        wish = self._wishes

        async def in_turn() -> None:
            async with self._one_at_a_time:
                if wish == self._wishes:
                    with anyio.CancelScope() as self._entering:
                        await work()

        try:
            self._work.send_nowait(in_turn)
        except anyio.WouldBlock:
            raise CaptureRefused(ErrorType.IN_PROGRESS, "too much is asked of this session at once") from None

    async def _enter(self, step: CardField) -> None:
        """Take one field, as often as the terms allow."""
        self._clear(step)
        while self._attempts[step] < self._terms.attempts:
            self._change(step=step, partial=False, attempt=self._attempts[step] + 1)
            if not self._silent:
                await self._speaker.say_until_key(asking(self._terms.prompts, self._moment(step)))
            match await FieldKeys(self._booth, self._pace, self._kept, step, self._progress).take():
                case Keyed.CANCEL:
                    return self._end(Status.CANCELLED, Result.STAR)
                case Keyed.BACK:
                    return self._back()
                case Keyed.DONE:
                    error = fault(self._kept, step, self._safe.clock.now().date())
            if error is None:
                return self._keep(step)
            await self._refuse(step, error)
        return self._change(step=None, partial=False)

    async def _refuse(self, step: CardField, error: ErrorType) -> None:
        said = refusing(self._terms.prompts, self._moment(step), error)
        self._attempts[step] += 1
        attempt = self._attempts[step]
        log.info("card field refused", field=step.value, error=error.value, attempt=attempt)
        self._booth.facts.tell(CardRefused(self._booth.call.id, step.value, error.value, attempt))
        self._clear(step)
        self._change(step=step, partial=False, attempt=attempt, error=error)
        if not self._silent:
            await self._speaker.say(said)
        await self._booth.keypad.forget_burst(self._pace.double_star_s)
        self._view = replace(self._view, error=None)

    def _keep(self, step: CardField) -> None:
        self._finished.append(step)
        self._tell_fact(step)
        self._change(partial=False)
        self._view = replace(self._view, step=None, attempt=0)

    def _back(self) -> None:
        """The caller wants the field before, which is taken again."""
        if self._finished:
            self.capture(self._finished[-1])
        elif self._view.step is not None:
            self.capture(self._view.step)

    async def _watch_stars(self) -> None:
        """Between two fields too, `*` takes the last one again, and twice cancels."""
        keypad = self._booth.keypad
        while True:
            await keypad.changed()
            with anyio.move_on_after(self._pace.double_star_s):
                while self._idle_stars() == 1:
                    await keypad.changed()
            stars = self._idle_stars()
            if stars > 1:
                self._end(Status.CANCELLED, Result.STAR)
            elif stars and self._finished:
                await keypad.press(0)
                self._back()

    def _idle_stars(self) -> int:
        """How many stars wait while no field is being taken."""
        return self._booth.keypad.leading(STAR) if self._view.step is None else 0

    async def _confirm(self) -> None:
        """The caller says by 1 that it is right, by 2 that all is to be taken again."""
        if not self._silent:
            ending = Digits(self._kept.last4 or self._kept.last2)
            await self._speaker.say_until_key(Prompt("card_confirm", ending=ending))
        key = await self._booth.keypad.press(within_s=self._pace.first_key_s)
        if key is not None and key.code == _YES:
            await self._seal()
        elif key is not None and key.code == _NO:
            for step in self._terms.steps:
                self._clear(step)
            self._change(step=None)
        else:
            self._change(step=None, error=ErrorType.TIMEOUT)
            self._view = replace(self._view, error=None)

    async def _tell_end(self) -> None:
        """Who talks with nobody hears the terms' words while the gateway is asked; of a debit, the code."""
        amount, done = self._terms.charge, self._view.status is Status.COMPLETE
        if self._silent or not done:
            return
        if self._terms.processing is not None:
            await self._speaker.say(self._terms.processing)
        if self._terms.method is not Method.ACH_DEBIT or not amount:
            return
        with anyio.move_on_after(_SETTLED_WITHIN_S):
            await self._settled.wait()
        if self._view.confirmation:
            code = Digits(self._view.confirmation, group=_CODE_GROUP)
            await self._speaker.say(Prompt("debit_ordered", amount=amount, code=code))

    async def _seal(self) -> None:
        sealed = self._safe.seal(self._kept, bank=self._terms.method is Method.ACH_DEBIT)
        self._entry = None  # the vault's from here on
        self._change(status=Status.COMPLETE, step=None, partial=False)
        self._sealed(sealed)
        self._over.cancel()

    def _end(self, status: Status, result: Result | None, error: ErrorType | None = None) -> None:
        if self._view.status is not Status.OPEN:
            return
        self._change(status=status, step=None, partial=False, result=result, error=error)
        ended = result.value if result else status.value
        self._booth.facts.tell(CaptureEnded(self._booth.call.id, ended))
        self._over.cancel()

    def _refuse_when_over(self) -> None:
        if self._view.status is not Status.OPEN:
            raise CaptureRefused(Result.VALIDATION_ERROR, f"this session is over ({self._view.status.value})")

    @property
    def _kept(self) -> CardEntry:
        if self._entry is None:
            raise CaptureRefused(Result.VALIDATION_ERROR, "this session is over")
        return self._entry

    def _moment(self, step: CardField) -> Moment:
        return Moment(step, self._kept.brand, self._attempts[step] + 1)

    def _clear(self, step: CardField) -> None:
        """Empty a field and what hangs on it, and tell of each that was not empty."""
        self._kept.clear(step)
        self._finished = [one for one in self._finished if self._kept.is_finished(one)]
        masks = {one: mask for one in self._view.masks if (mask := self._kept.mask(one))}
        if masks != self._view.masks:
            self._change(masks=masks)

    def _progress(self, step: CardField) -> None:
        self._tell_fact(step)
        self._change(partial=True)

    def _tell_fact(self, step: CardField) -> None:
        entry = self._kept
        masks = {**self._view.masks, step: entry.mask(step)}
        self._view = replace(self._view, masks=masks, brand=entry.brand)
        done = entry.is_finished(step)
        self._booth.facts.tell(CardProgress(self._booth.call.id, step.value, entry.mask(step), done))

    def _change(self, **known: object) -> None:
        required = tuple(step for step in self._terms.steps if step not in self._finished)
        self._view = replace(self._view, required=required, **known)  # type: ignore[arg-type]
        self._told(self._view)
