"""Mistakes about money at the API: each is a problem with a name, and nothing is half-written."""

import pytest
from sqlalchemy import text

from core.ids import AccountId
from core.money import Money
from payments.methods import Keep, StoredCard
from payments.store import Payment
from payments.taken import Order, Paid
from tests.integration.api.rig import Api
from tests.integration.payments.branch import keyed_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

DUE = Money(12550, "USD")
_TABLES = (
    "payments",
    "attempts",
    "refunds",
    "payment_links",
    "settlement_rows",
    "ledger_entries",
    "disputes",
)
LINK = {"account": "acct_1", "amount_minor": 12550, "currency": "USD"}
CHARGE = {"amount_minor": 100, "currency": "USD"}


async def written(api: Api) -> list[int]:
    """How much is written down about money."""
    async with api.work.begin() as tx:
        return [(await tx.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in _TABLES]


async def paid(api: Api) -> tuple[Payment, StoredCard]:
    """A payment, and its card, which was kept."""
    card = api.vault.seal(keyed_in())
    taken = await api.desk.take(Order(DUE, card, AccountId("acct_1"), keep=Keep.PAYMENT_METHOD))
    assert isinstance(taken, Paid)
    assert taken.kept is not None
    return taken.payment, taken.kept


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        ("/v1/links", LINK | {"currency": "XXZ"}, (400, "unknown_currency", "")),
        ("/v1/links", LINK | {"currency": "usd"}, (400, "unknown_currency", "")),
        ("/v1/links", LINK | {"amount_minor": 0}, (400, "bad_input", "amount_minor")),
        ("/v1/links", LINK | {"amount_minor": -1}, (400, "bad_input", "amount_minor")),
        ("/v1/links", LINK | {"amount_minor": 1.5}, (400, "bad_input", "amount_minor")),
        ("/v1/methods/{card}/charge", CHARGE | {"currency": "XXZ"}, (400, "unknown_currency", "")),
        ("/v1/methods/{card}/charge", CHARGE | {"amount_minor": 0}, (400, "bad_input", "amount_minor")),
        ("/v1/methods/{card}/charge", CHARGE | {"amount_minor": -100}, (400, "bad_input", "amount_minor")),
        ("/v1/methods/pm_nobody/charge", CHARGE, (404, "not_found", "")),
        ("/v1/payments/{payment}/refunds", {"amount_minor": 0}, (400, "bad_input", "amount_minor")),
        ("/v1/payments/{payment}/refunds", {"amount_minor": 12551}, (409, "too_much_back", "")),
        ("/v1/payments/pay_nobody/refunds", {"amount_minor": 1}, (404, "not_found", "")),
        ("/v1/payments/pay_nobody/capture", {}, (404, "not_found", "")),
        ("/v1/payments/pay_nobody/void", None, (404, "not_found", "")),
        ("/v1/disputes/nobody:CB-1/accept", None, (404, "not_found", "")),
        ("/v1/settlements?gateway=nobody", {}, (404, "unknown_gateway", "")),
        ("/v1/settlements?gateway=sandbox", {}, (400, "bad_input", "")),
        ("/webhooks/nobody", {"id": "evt_1"}, (404, "unknown_gateway", "")),
    ],
    ids=str,
)
async def test_a_mistake_has_a_name_and_leaves_nothing_half_written(
    api: Api, path: str, body: object, answer: tuple[int, str, str]
) -> None:
    status, code, at = answer
    payment, card = await paid(api)
    before = await written(api)
    answered, told = await api.asked("POST", path.format(payment=payment.id, card=card.id), body)
    assert isinstance(told, dict)
    assert (answered, told["code"], told["status"]) == (status, code, status)
    assert [one["at"] for one in told.get("errors", [])] == ([at] if at else [])
    assert told["detail"]
    assert await written(api) == before


@pytest.mark.parametrize("path", ["/v1/methods/{card}/charge", "/v1/payments/{payment}/refunds"])
async def test_a_key_that_was_used_for_something_else_is_refused(api: Api, path: str) -> None:
    payment, card = await paid(api)
    asked = path.format(payment=payment.id, card=card.id)
    bodies = [
        {"amount_minor": minor} | ({"currency": "USD"} if card.id in asked else {}) for minor in (100, 200)
    ]
    key = {"Idempotency-Key": "key-1"}
    assert (await api.asked("POST", asked, bodies[0], **key))[0] in {200, 201}
    before = await written(api)
    status, told = await api.asked("POST", asked, bodies[1], **key)
    assert isinstance(told, dict)
    assert (status, told["code"]) == (409, "idempotency_key_reused")
    assert await written(api) == before


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"id": 1}', b"[]"])
async def test_a_malformed_webhook_is_a_problem_and_is_not_kept(api: Api, body: bytes) -> None:
    before = await written(api)
    async with api.client.post("/webhooks/sandbox", data=body) as answer:
        told = await answer.json(content_type=None)
        assert answer.content_type == "application/problem+json"
        assert (answer.status, told["status"]) == (400, 400)
    assert await written(api) == before
