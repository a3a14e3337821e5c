"""Holds, refunds, disputes, tokens, keys, fraud's word, webhooks: what the Desk does beside taking money."""

from dataclasses import replace

import anyio
import pytest

from core.errors import BadInput
from core.ids import AccountId, PaymentId, new_refund_id
from core.money import Money
from payments.disputes import AnswerKind, AnswerState, NoSuchDispute
from payments.gateways.sandbox import webhooks
from payments.gateways.sandbox.gateway import Fault, SandboxGateway
from payments.hearing import Heard
from payments.methods import Keep, StoredCard
from payments.mistakes import BadAmount, CannotDo, KeyReused, NoSuchPayment, UnknownGateway
from payments.notice import ChargeNews, DisputeNews, Distrust, Distrusted, News, Notice, RefundNews, Stage
from payments.orders import Initiator
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome
from payments.purchase import Purchase
from payments.refunds import Refund, RefundState, TooMuchBack
from payments.refusal import Next
from payments.risk import AllowAll, Decision, Verdict
from payments.session import State
from payments.store import Payment
from payments.taken import (
    Challenged,
    Held,
    InReview,
    Kept,
    NotTaken,
    Order,
    Paid,
    Refused,
    Taken,
    Unconfirmed,
)
from tests.unit.payments.shop import DUE, Shop

pytestmark = pytest.mark.anyio


async def paid(shop: Shop, account: str = "acct_1") -> Payment:
    taken = await shop.desk.take(shop.order(account=account))
    assert isinstance(taken, Paid)
    return taken.payment


async def held(shop: Shop) -> Payment:
    taken = await shop.desk.take(replace(shop.order(), hold=True))
    assert isinstance(taken, Held)
    return taken.payment


async def stands(shop: Shop, payment: Payment) -> Payment:
    found = await shop.store.find(payment.id)
    assert found is not None
    return found


def owed(shop: Shop) -> int:
    """What the ledger says that the gateway owes us; the sandbox's books must agree."""
    ledger = sum(one.amount.minor for one in shop.store.ledger if one.account == "gateway:sandbox")
    books = sum(one.taken_minor - one.returned_minor for one in shop.gateway.books.charged)
    assert ledger == books
    return ledger


async def test_reserved_money_is_taken_later_and_only_then_posted(shop: Shop) -> None:
    payment = await held(shop)
    assert owed(shop) == 0
    taken = await shop.desk.capture(payment.id, Money(10_000, "USD"))
    assert (taken.state, taken.captured_minor, owed(shop)) == (State.CAPTURED, 10_000, 10_000)
    assert await shop.desk.capture(payment.id) == taken


async def test_reserved_money_is_let_go(shop: Shop) -> None:
    payment = await held(shop)
    assert (await shop.desk.void(payment.id)).state is State.VOIDED
    assert (await shop.desk.capture(payment.id)).state is State.VOIDED
    assert owed(shop) == 0


@pytest.mark.parametrize("amount", [Money(12_551, "USD"), Money(1, "EUR"), Money(0, "USD"), Money(-1, "USD")])
async def test_no_other_amount_than_was_reserved_is_taken(shop: Shop, amount: Money) -> None:
    payment = await held(shop)
    with pytest.raises(BadAmount):
        await shop.desk.capture(payment.id, amount)
    assert (await stands(shop, payment)).state is State.AUTHORIZED


async def test_a_capture_without_an_answer_is_found_out(shop: Shop) -> None:
    payment = await held(shop)
    shop.gateway.fail(Fault.SILENT)
    assert (await shop.desk.capture(payment.id)).state is State.CAPTURING
    await anyio.sleep(91)
    assert await shop.reconciler().sweep() == 1
    assert (await stands(shop, payment)).state is State.CAPTURED
    assert owed(shop) == 12_550


async def test_a_capture_that_never_arrived_may_be_asked_again(shop: Shop) -> None:
    payment = await held(shop)
    shop.gateway.fail(Fault.REFUSE)
    assert (await shop.desk.capture(payment.id)).state is State.AUTHORIZED
    assert (await shop.desk.capture(payment.id)).state is State.CAPTURED


async def disputed(shop: Shop) -> Payment:
    payment = await paid(shop)
    news = DisputeNews(payment.ref, "dp_1", Stage.OPENED, DUE)
    assert await shop.desk.hear(Notice("sandbox", "n1", shop.clock.now(), news)) is Heard.APPLIED
    return payment


async def test_evidence_is_handed_in_once_under_its_key(shop: Shop) -> None:
    await disputed(shop)
    first = await shop.desk.contest("sandbox", "dp_1", "paid by phone", key="e1")
    assert first.answer is not None
    assert (first.answer.kind, first.answer.state) == (AnswerKind.EVIDENCE, AnswerState.DONE)
    assert await shop.desk.contest("sandbox", "dp_1", "paid by phone", key="e1") == first
    with pytest.raises(KeyReused):
        await shop.desk.contest("sandbox", "dp_1", "another text", key="e1")
    with pytest.raises(CannotDo):
        await shop.desk.contest("sandbox", "dp_1", "another text", key="e2")


async def test_a_dispute_that_is_given_up_is_lost_at_once_and_the_webhook_adds_nothing(shop: Shop) -> None:
    payment = await disputed(shop)
    said = await shop.desk.concede("sandbox", "dp_1", key="a1")
    assert said.stage is Stage.LOST
    assert (await stands(shop, payment)).state is State.CHARGED_BACK
    assert await shop.desk.concede("sandbox", "dp_1", key="a1") == said
    news = DisputeNews(payment.ref, "dp_1", Stage.LOST, DUE)
    assert await shop.desk.hear(Notice("sandbox", "n2", shop.clock.now(), news)) is Heard.NOTHING_NEW
    with pytest.raises(CannotDo):
        await shop.desk.contest("sandbox", "dp_1", "too late", key="e1")


async def test_an_answer_without_a_reply_may_be_sent_again(shop: Shop) -> None:
    await disputed(shop)
    shop.gateway.fail(Fault.LOST)
    said = await shop.desk.contest("sandbox", "dp_1", "paid by phone", key="e1")
    assert said.answer is not None
    assert said.answer.state is AnswerState.UNKNOWN
    again = await shop.desk.contest("sandbox", "dp_1", "paid by phone", key="e1")
    assert again.answer is not None
    assert again.answer.state is AnswerState.DONE


async def test_a_dispute_that_nobody_told_of_is_not_answered(shop: Shop) -> None:
    with pytest.raises(NoSuchDispute):
        await shop.desk.concede("sandbox", "dp_none", key="a1")
    for text in ("", "x" * 501):
        with pytest.raises(BadInput):
            await shop.desk.contest("sandbox", "dp_none", text, key="e1")


async def test_money_goes_back_in_parts_and_never_more_than_was_taken(shop: Shop) -> None:
    payment = await paid(shop)
    first = await shop.desk.refund(payment.id, Money(10_000, "USD"), key="r1")
    assert isinstance(first, Refund)
    assert (first.state, owed(shop)) == (RefundState.DONE, 2_550)
    assert await shop.desk.refund(payment.id, Money(2_551, "USD"), key="r2") == TooMuchBack(
        Money(2550, "USD")
    )
    assert isinstance(await shop.desk.refund(payment.id, key="r3"), Refund)
    assert (await stands(shop, payment)).state is State.REFUNDED
    assert owed(shop) == 0


async def test_a_hundred_refunds_at_once_give_back_what_was_taken_and_no_more(shop: Shop) -> None:
    payment = await paid(shop)
    async with anyio.create_task_group() as group:
        for number in range(100):
            group.start_soon(
                lambda key: shop.desk.refund(payment.id, Money(1_000, "USD"), key=key), f"r{number}"
            )
    assert owed(shop) == 550
    assert len(shop.gateway.books.refunds) == 12


async def test_the_same_refund_key_gives_back_once_and_another_amount_is_refused(shop: Shop) -> None:
    payment = await paid(shop)
    first = await shop.desk.refund(payment.id, Money(100, "USD"), key="r1")
    assert await shop.desk.refund(payment.id, Money(100, "USD"), key="r1") == first
    with pytest.raises(KeyReused):
        await shop.desk.refund(payment.id, Money(200, "USD"), key="r1")
    assert owed(shop) == 12_450


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.LOST])
async def test_a_refund_without_an_answer_is_found_out(shop: Shop, fault: Fault) -> None:
    payment = await paid(shop)
    shop.gateway.fail(fault)
    refund = await shop.desk.refund(payment.id, key="r1")
    assert isinstance(refund, Refund)
    assert refund.state is RefundState.UNKNOWN
    assert await shop.desk.refund(payment.id, Money(1, "USD"), key="r2") == TooMuchBack(Money(0, "USD"))
    await anyio.sleep(700)
    assert await shop.reconciler().sweep() == 1
    done = fault is Fault.SILENT
    assert owed(shop) == (0 if done else 12_550)
    assert (await stands(shop, payment)).left == Money(0 if done else 12_550, "USD")


async def test_mistakes_are_named_and_nothing_is_written(shop: Shop) -> None:
    with pytest.raises(NoSuchPayment):
        await shop.desk.refund(PaymentId("pay_none"), key="r1")
    with pytest.raises(NoSuchPayment):
        await shop.desk.capture(PaymentId("pay_none"))
    payment = await paid(shop)
    for minor in (0, -5):
        with pytest.raises(BadAmount):
            await shop.desk.refund(payment.id, Money(minor, "USD"), key="r1")
        with pytest.raises(BadAmount):
            await shop.desk.take(replace(shop.order(account="acct_2"), amount=Money(minor, "USD")))
    shop.store.keep(replace(payment, gateway="gone"))
    with pytest.raises(UnknownGateway, match="gone"):
        await shop.desk.refund(payment.id, key="r1")
    assert len(shop.store.all) == 1
    assert len(shop.vault) == 0


async def test_fifty_takes_with_one_key_charge_once_and_all_hear_the_same(shop: Shop) -> None:
    answers: list[Taken] = []
    shop.gateway.fail(Fault.SLOW, seconds=2)

    async def take(order: Order) -> None:
        answers.append(await shop.desk.take(order))

    async with anyio.create_task_group() as callers:
        for _ in range(50):
            callers.start_soon(take, replace(shop.order(), key="key-1"))
    assert len(shop.gateway.books.charged) == 1
    assert len(answers) == 50
    assert all(answer == answers[0] for answer in answers)
    assert await shop.desk.take(replace(shop.order(), key="key-1")) == answers[0]
    assert len(shop.vault) == 0


async def test_a_key_of_another_order_is_refused(shop: Shop) -> None:
    await shop.desk.take(replace(shop.order(), key="key-1"))
    other = replace(shop.order(account="acct_2"), key="key-1")
    with pytest.raises(KeyReused, match="key-1"):
        await shop.desk.take(other)
    assert len(shop.store.all) == 1


async def test_an_amount_of_zero_keeps_the_card_and_charges_nothing(shop: Shop) -> None:
    order = replace(shop.order(), amount=Money(0, "USD"), keep=Keep.ONE_TIME)
    kept = await shop.desk.take(order)
    assert isinstance(kept, Kept)
    assert shop.store.all == []
    assert isinstance(await shop.desk.take(stored(kept.card)), Paid)
    assert isinstance(await shop.desk.take(stored(kept.card)), NotTaken)
    assert len(shop.gateway.books.charged) == 1


def stored(card: StoredCard) -> Order:
    return Order(DUE, card, AccountId("acct_1"))


async def test_a_stored_card_is_charged_again_and_again_until_it_is_forgotten(shop: Shop) -> None:
    taken = await shop.desk.take(replace(shop.order(), keep=Keep.PAYMENT_METHOD))
    assert isinstance(taken, Paid)
    assert taken.kept is not None
    assert await shop.stores.methods.listed(AccountId("acct_1")) == [taken.kept]
    recurring = replace(stored(taken.kept), initiator=Initiator.MERCHANT)
    assert [type(await shop.desk.take(recurring)) for _ in range(3)] == [Paid] * 3
    await shop.stores.methods.forget(taken.kept.id)
    assert isinstance(await shop.desk.take(recurring), NotTaken)
    assert owed(shop) == 4 * 12_550


class Says(AllowAll):
    """Fraud's word is given beforehand."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.seen = decision, list[Purchase]()

    async def score(self, purchase: Purchase) -> Verdict:
        self.seen.append(purchase)
        return Verdict(self.decision, 0.9, ("too many cards",), "rules/1")


async def test_what_fraud_refuses_is_written_down_and_not_charged(shop: Shop) -> None:
    desk = shop.opened(fraud=Says(Decision.REFUSE))
    await shop.group.start(desk.run)
    assert await desk.take(shop.order()) == Refused(DeclineCode.SUSPECTED_FRAUD, False)
    assert not shop.gateway.books.cards
    (attempt,) = shop.store.attempts.values()
    assert attempt.verdict.reasons == ("too many cards",)


@pytest.mark.parametrize(
    ("decision", "answer"), [(Decision.CHALLENGE, Challenged), (Decision.REVIEW, InReview)]
)
async def test_what_is_set_aside_is_charged_only_when_it_comes_again(
    shop: Shop, decision: Decision, answer: type[Challenged | InReview]
) -> None:
    fraud = Says(decision)
    desk = shop.opened(fraud=fraud)
    await shop.group.start(desk.run)
    aside = await desk.take(shop.order())
    assert isinstance(aside, Challenged | InReview)
    assert isinstance(aside, answer)
    assert len(shop.vault) == 0
    assert not shop.gateway.books.charged
    fraud.decision = Decision.ALLOW
    assert isinstance(await desk.take(aside.again), Paid)
    assert fraud.seen[-1].challenged


async def test_the_reasons_for_a_route_are_written_with_the_attempt(shop: Shop) -> None:
    payment = await paid(shop)
    assert payment.attempt is not None
    attempt = shop.store.attempts[payment.attempt]
    assert [choice.gateway.name for choice in attempt.route.choices] == ["sandbox"]
    assert attempt.route.choices[0].reasons


class Elsewhere(SandboxGateway):
    """Declares that a processing error is its own trouble."""

    capabilities = replace(SandboxGateway.capabilities, after={"processing_error": Next.ELSEWHERE})


@pytest.mark.parametrize(
    ("number", "taken", "asked"),
    [(b"4000000000000119", Refused, 1), (b"4000000000009987", Refused, 0)],
)
async def test_only_the_gateways_own_trouble_sends_a_card_elsewhere(
    shop: Shop, number: bytes, taken: type[Taken], asked: int
) -> None:
    second = SandboxGateway(shop.chance)
    second.name = "second"
    shop.gateway = Elsewhere(shop.chance)
    desk = shop.opened(second)
    await shop.group.start(desk.run)
    assert isinstance(await desk.take(shop.order(number)), taken)
    assert len(second.books.entries) == asked


def told(shop: Shop, news: News, event: str = "ev_1") -> Notice:
    """The notice as it comes through the gateway's door."""
    now = shop.clock.now()
    body = webhooks.written(event, now, news)
    notice = shop.gateway.verify_webhook(body, webhooks.signed(body, b"sandbox", now), now)
    assert isinstance(notice, Notice)
    return notice


async def test_a_webhook_settles_what_had_no_answer_and_comes_twice_without_harm(shop: Shop) -> None:
    shop.gateway.fail(Fault.SILENT)
    taken = await shop.desk.take(shop.order())
    assert isinstance(taken, Unconfirmed)
    (entry,) = shop.gateway.books.charged
    notice = told(shop, ChargeNews(taken.payment.id, entry.ref, Approved(entry.ref)))
    assert [await shop.desk.hear(notice) for _ in range(2)] == [Heard.APPLIED, Heard.NOTHING_NEW]
    assert (await stands(shop, taken.payment)).state is State.CAPTURED
    assert owed(shop) == 12_550


@pytest.mark.parametrize(
    "late",
    [
        Declined(DeclineCode.DO_NOT_HONOR, "late"),
        Approved("bogus", captured=False),
        NotAttempted("never heard"),
    ],
)
async def test_a_late_webhook_takes_nothing_back(shop: Shop, late: Outcome) -> None:
    payment = await paid(shop)
    if isinstance(late, NotAttempted):
        notice = Notice("sandbox", "ev_1", shop.clock.now(), ChargeNews(payment.id, payment.ref, late))
    else:
        notice = told(shop, ChargeNews(payment.id, payment.ref, late))
    assert await shop.desk.hear(notice) is Heard.NOTHING_NEW
    assert await stands(shop, payment) == payment


async def test_a_dispute_is_heard_of_and_a_late_success_does_not_end_it(shop: Shop) -> None:
    payment = await paid(shop)
    opened = told(shop, DisputeNews(payment.ref, "dp_1", Stage.OPENED, DUE, "fraudulent"))
    assert await shop.desk.hear(opened) is Heard.APPLIED
    assert await shop.desk.hear(told(shop, ChargeNews(payment.id, payment.ref, Approved(payment.ref)))) is (
        Heard.NOTHING_NEW
    )
    assert (await stands(shop, payment)).state is State.DISPUTED
    won = told(shop, DisputeNews(payment.ref, "dp_1", Stage.WON, DUE, "fraudulent"))
    assert await shop.desk.hear(won) is Heard.APPLIED
    assert await shop.desk.hear(opened) is Heard.NOTHING_NEW
    assert (await stands(shop, payment)).state is State.CAPTURED


async def test_a_refund_made_at_the_gateway_itself_counts_like_ours(shop: Shop) -> None:
    payment = await paid(shop)
    news = RefundNews(payment.ref, "re_outside", Money(550, "USD"), Approved("re_outside"))
    assert [await shop.desk.hear(told(shop, news)) for _ in range(2)] == [Heard.APPLIED, Heard.NOTHING_NEW]
    assert (await stands(shop, payment)).left == Money(12_000, "USD")


async def test_a_webhook_about_our_own_refund_is_not_a_second_one(shop: Shop) -> None:
    payment = await paid(shop)
    shop.gateway.fail(Fault.SILENT)
    await shop.desk.refund(payment.id, Money(550, "USD"), key="r1")
    (made,) = shop.gateway.books.refunds
    assert await shop.desk.hear(
        told(shop, RefundNews(payment.ref, made, Money(550, "USD"), Approved(made)))
    ) is (Heard.APPLIED)
    (refund,) = await shop.stores.refunds.of(payment.id)
    assert (refund.state, refund.ref, owed(shop)) == (RefundState.DONE, made, 12_000)


async def test_a_webhook_of_a_charge_that_is_not_ours_is_strange(shop: Shop) -> None:
    refund = RefundNews("ch_none", "re_1", DUE, Approved("re_1"), new_refund_id())
    for news in (ChargeNews(PaymentId("pay_none"), "ch_none", Approved("ch_none")), refund):
        assert await shop.desk.hear(told(shop, news)) is Heard.STRANGE
    assert shop.store.ledger == []


@pytest.mark.parametrize(
    ("body", "header", "reason"),
    [
        (b"{}", "", Distrust.NO_SIGNATURE),
        (b"{}", "t=1", Distrust.NO_SIGNATURE),
        (b"{}", "forged", Distrust.NO_SIGNATURE),
        (b"{}", "t=0,v1=00", Distrust.WRONG_SIGNATURE),
        (b"{}", "t=0,v1=\xe9", Distrust.WRONG_SIGNATURE),
        (b"{}", None, Distrust.MALFORMED),
        (b"\xff\xfe", None, Distrust.MALFORMED),
        (b'{"id": "e", "at": 0, "kind": "dispute"}', None, Distrust.MALFORMED),
        (b"[]", None, Distrust.MALFORMED),
    ],
)
async def test_a_webhook_that_is_not_the_gateways_is_named_and_not_believed(
    shop: Shop, body: bytes, header: str | None, reason: Distrust
) -> None:
    now = shop.clock.now()
    headers = webhooks.signed(body, b"sandbox", now) if header is None else {webhooks.HEADER: header}
    answer = shop.gateway.verify_webhook(body, headers, now)
    assert isinstance(answer, Distrusted)
    assert answer.reason is reason


async def test_a_webhook_that_is_sent_again_much_later_is_too_old(shop: Shop) -> None:
    then = shop.clock.now()
    headers = webhooks.signed(b"{}", b"sandbox", then)
    await anyio.sleep(301)
    answer = shop.gateway.verify_webhook(b"{}", headers, shop.clock.now())
    assert isinstance(answer, Distrusted)
    assert answer.reason is Distrust.TOO_OLD
