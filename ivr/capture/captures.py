"""Captures that applications and agents lead: opened on calls that are up, found again, settled."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskGroup, TaskStatus

from core.errors import BadInput
from core.ids import AccountId, CallId
from ivr.capture.booth import Safe
from ivr.capture.callbacks import Callbacks
from ivr.capture.guard import SAID
from ivr.capture.session import CaptureRefused, PaymentSession
from ivr.capture.terms import CaptureTerms
from ivr.capture.till import Bill, Settled, Till
from ivr.capture.view import Status, View
from ivr.capture.words import ErrorType, Result
from ivr.line import Holder
from ivr.live import LiveCall, LiveCalls
from payments.vault import Sealed
from payments.webhooks.outbox import Outbox, check_url

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_KEPT: Final = 1000  # sessions that are over can still be looked at
_READY_S: Final = 5.0


class NoSuchCapture(BadInput):
    """There is no such call up here, or no such session on it."""


@dataclass(frozen=True, slots=True)
class CaptureOrder:
    """What a session is opened with; `callback` is a URL or empty, `account` what a charge is credited to.

    `action` is a URL, too, which is told once: how it ended. Both are told by forms when the session was
    asked for by a `form`, else in JSON.
    """

    terms: CaptureTerms
    callback: str = ""
    account: str = ""
    form: bool = False
    action: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    order: CaptureOrder
    session: PaymentSession


class Captures:
    """Sessions by their id. `run` belongs to the node's task group: what is settled outlives its call.

    Without an `outbox` no session with a status callback is opened.
    """

    def __init__(self, live: LiveCalls, safe: Safe, till: Till, outbox: Outbox | None) -> None:
        self._live, self._safe, self._till, self._outbox = live, safe, till, outbox
        self._sessions: OrderedDict[str, PaymentSession] = OrderedDict()
        self._by_key: OrderedDict[tuple[CallId, str], _Opened] = OrderedDict()
        self._opening: set[CallId] = set()
        self._group: TaskGroup | None = None

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled."""
        async with anyio.create_task_group() as group:
            self._group = group
            task_status.started()
            try:
                await anyio.sleep_forever()
            finally:
                self._group = None

    async def open(self, call: CallId, order: CaptureOrder, key: str) -> View:
        """Open a session; asked again with the same idempotency key, it is the same session.

        Raises NoSuchCapture, BadInput (the key was used for something else), and CaptureRefused: another
        session is open, the flow itself leads the conversation, or no card may be taken now.
        """
        if (before := self._by_key.get((call, key))) is not None:
            if before.order != order:
                raise BadInput(f"the idempotency key {key!r} was used for another order on this call")
            return before.session.view
        for url in filter(None, (order.callback, order.action)):
            check_url(url)
            if self._outbox is None:
                raise BadInput("this line posts no status callbacks: leave StatusCallback and Action out")
        live = self._callable(call)
        self._opening.add(call)
        try:
            await self._look(live)
            session = self._begun(live, order)
            with anyio.move_on_after(_READY_S):
                await (
                    session.ready.wait()
                )  # keys that come from now on count, and only the session hears them
        finally:
            self._opening.discard(call)
        self._by_key[call, key] = _Opened(order, session)
        while len(self._by_key) > _KEPT:
            self._by_key.popitem(last=False)
        return session.view

    def find(self, call: CallId, name: str) -> PaymentSession:
        """A session of this call, also one that is over. Raises NoSuchCapture."""
        session = self._sessions.get(name)
        if session is None or session.view.call != call:
            raise NoSuchCapture(f"call {call} has no capture {name} here")
        return session

    def on(self, call: CallId) -> PaymentSession:
        """The session that is open on a call. Raises NoSuchCapture."""
        for session in reversed(self._sessions.values()):
            if session.view.call == call and session.view.status is Status.OPEN:
                return session
        raise NoSuchCapture(f"no capture is open on call {call}: start one first")

    def _callable(self, call: CallId) -> LiveCall:
        live = self._live.find(call)
        if live is None or self._group is None:
            raise NoSuchCapture(f"no call {call} is up on this node")
        if call in self._opening or any(
            one.view.call == call and one.view.status is Status.OPEN for one in self._sessions.values()
        ):
            raise CaptureRefused(ErrorType.IN_PROGRESS, f"a capture is open on call {call} already")
        if live.line.holder is Holder.FLOW:
            raise CaptureRefused(
                ErrorType.IN_PROGRESS,
                f"the flow of call {call} leads the conversation: connect the caller with a person, or give "
                "the number the flow `for_application`",
            )
        return live

    async def _look(self, live: LiveCall) -> None:
        """Refuse where no card may be taken; a caller who talks with nobody hears why."""
        closed = await self._safe.guard.look(live.booth.call.id)
        if closed is None:
            return
        if live.line.holder is Holder.APPLICATION:
            await live.line.say(SAID[closed.part])
        raise CaptureRefused(
            ErrorType.INTERNAL, f"no card is taken: {closed.part.value} is down ({closed.why})"
        )

    def _begun(self, live: LiveCall, order: CaptureOrder) -> PaymentSession:
        name = f"cap_{secrets.token_hex(12)}"
        callbacks, action = self._told(order.callback, order), self._told(order.action, order, "action-")

        def told(view: View) -> None:
            if callbacks is not None:
                callbacks.tell(view)
            if action is not None and view.is_settled:
                action.tell(view)

        def sealed(what: Sealed) -> None:
            self._settle_soon(session, what, order, live.line.caller)

        session = PaymentSession(
            name,
            live.booth,
            self._safe,
            order.terms,
            told=told,
            sealed=sealed,
            silent=live.line.holder is Holder.PERSON,
        )
        live.line.taken_back = session.cancel
        live.start(session.run)
        self._sessions[name] = session
        while len(self._sessions) > _KEPT:
            self._sessions.popitem(last=False)
        return session

    def _told(self, url: str, order: CaptureOrder, mark: str = "") -> Callbacks | None:
        """Whoever is told at this URL; None without one. Two of one session differ in their `mark`."""
        if not url or self._outbox is None or self._group is None:
            return None
        callbacks = Callbacks(self._outbox, url, form=order.form, mark=mark)
        self._group.start_soon(callbacks.run)
        return callbacks

    def _settle_soon(self, session: PaymentSession, sealed: Sealed, order: CaptureOrder, caller: str) -> None:
        if self._group is None:
            self._safe.vault.drop(sealed)
            session.settled(result=Result.INTERNAL_ERROR, failure="the line is about to stop")
            return
        self._group.start_soon(self._settle, session, sealed, order, caller)

    async def _settle(
        self, session: PaymentSession, sealed: Sealed, order: CaptureOrder, caller: str
    ) -> None:
        view = session.view
        bill = Bill(view.call, AccountId(order.account or f"call:{view.call}"), view.id, caller)
        try:
            settled = await self._till.settle(sealed, order.terms, bill)
        except Exception as error:  # its text may carry what was sent
            log.error("what was captured could not be settled", capture=view.id, error=type(error).__name__)
            settled = Settled(Result.INTERNAL_ERROR, failure="unconfirmed: something broke inside")
        session.settled(
            result=settled.result,
            token=settled.token,
            confirmation=settled.confirmation,
            failure=settled.failure,
        )
