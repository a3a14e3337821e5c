"""Disputes, settlements and what the fraud screen decided, looked up on the real PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import FixedClock
from core.ids import new_attempt_id
from core.money import Money
from db.dispute_list import DisputeFilter, DisputeList
from db.engine import Work
from db.fraud_report import FraudReport, Judged, fraud_report
from db.pages import Place
from db.payments import StoredPayments
from db.settlement_list import SettlementList
from db.settlements import StoredSettlements
from db.stores import stored
from payments.attempt import Attempt
from payments.fraud.screen import WATCHING
from payments.notice import DisputeNews, Stage
from payments.purchase import Method, Purchase
from payments.risk import Decision, Verdict
from payments.route import Route
from payments.session import State
from payments.settlement_row import RowKind, SettlementRow
from payments.store import Move
from tests.integration.db.conftest import NOON, NewPayment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def _disputed(work: Work, clock: FixedClock, new_payment: NewPayment, number: int) -> None:
    stores, payment = stored(work, clock), new_payment(f"acct_{number}")
    await stores.payments.open(payment)
    await stores.payments.move(payment.id, Move(State.CAPTURED, ref=f"ch_{number}"))
    due = NOON + timedelta(days=number)
    news = DisputeNews(f"ch_{number}", f"dp_{number}", Stage.OPENED, payment.amount, "fraudulent", due)
    await stores.disputes.note(payment.id, news)
    clock.advance(timedelta(minutes=1))


async def test_disputes_are_listed_a_page_at_a_time(
    work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    for number in range(5):
        await _disputed(work, clock, new_payment, number)
    disputes = DisputeList(work)
    first = await disputes.page(DisputeFilter(), None, 2)
    assert [one.ref for one in first] == ["dp_4", "dp_3", "dp_2"]
    place = Place(first[1].opened_at, first[1].ref)
    assert [one.ref for one in await disputes.page(DisputeFilter(), place, 5)] == ["dp_2", "dp_1", "dp_0"]
    soon = DisputeFilter(stage=Stage.OPENED, due_before=NOON + timedelta(days=2))
    assert [one.ref for one in await disputes.page(soon, None, 5)] == ["dp_1", "dp_0"]
    assert await disputes.page(DisputeFilter(stage=Stage.LOST), None, 5) == []


def _row(batch: str, line: int, kind: RowKind, minor: int, *, fee: int = 0, day: int = 1) -> SettlementRow:
    at = datetime(2026, 3, day, tzinfo=UTC)
    return SettlementRow(kind, f"{batch}-{line}", Money(minor, "USD"), Money(fee, "USD"), at, batch, line)


async def test_settlements_are_listed_with_their_sums_and_lines(work: Work, clock: FixedClock) -> None:
    rows = [
        _row("b1", 2, RowKind.CHARGE, 10_000, fee=300),
        _row("b1", 3, RowKind.REFUND, -2_000),
        _row("b1", 4, RowKind.PAYOUT, -7_700),
        _row("b2", 2, RowKind.CHARGE, 500, fee=20, day=2),
    ]
    await StoredSettlements(work, clock).bring_in("sandbox", rows)
    settlements = SettlementList(work)
    newest, older = await settlements.page("", None, 5)
    assert (newest.batch, newest.lines, newest.net) == ("b2", 1, (Money(480, "USD"),))
    assert (older.batch, older.lines, older.net) == ("b1", 3, (Money(7_700, "USD"),))
    place = Place(newest.last_at, f"{newest.gateway} {newest.batch}")
    assert [one.batch for one in await settlements.page("sandbox", place, 5)] == ["b1"]
    assert await settlements.page("other", None, 5) == []
    assert [one.line for one in await settlements.lines("sandbox", "b1", after=2, limit=1)] == [3, 4]
    assert (await settlements.lines("sandbox", "b1"))[0] == rows[0]


async def _judged(
    work: Work, clock: FixedClock, new_payment: NewPayment, verdict: Verdict, to: State
) -> None:
    payment = new_payment(f"acct_{clock.now().isoformat()}")
    purchase = Purchase(new_attempt_id(), clock.now(), payment.amount, Method.CARD, payment.account)
    attempt = Attempt(purchase, payment.key, "d", verdict, Route(()))
    payments = StoredPayments(work, clock)
    await payments.open(replace(payment, attempt=purchase.attempt), attempt)
    await payments.move(payment.id, Move(to))
    clock.advance(timedelta(seconds=1))


async def test_the_report_tells_what_watching_would_have_done_and_what_became_of_it(
    work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    refused = Verdict(
        Decision.ALLOW, 0.98, (f"{WATCHING}refuse", "the card was used 7 times in 10 minutes"), "m@1"
    )
    for verdict, to in (
        (refused, State.CAPTURED),
        (refused, State.DECLINED),
        (Verdict(Decision.ALLOW, 0.01, (), "m@1"), State.CAPTURED),
        (Verdict(Decision.CHALLENGE, 0.5, ("unusual",), "m@1"), State.NOT_ATTEMPTED),
    ):
        await _judged(work, clock, new_payment, verdict, to)
    assert await fraud_report(work, NOON) == FraudReport(
        [
            Judged(Decision.ALLOW, 1, 1, 0, 0),
            Judged(Decision.CHALLENGE, 1, 0, 0, 0),
            Judged(Decision.REFUSE, 2, 1, 1, 0),
        ],
        [("the card was used N times in N minutes", 2), ("unusual", 1)],
    )
    assert await fraud_report(work, clock.now()) == FraudReport([], [])
