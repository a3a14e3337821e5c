"""Lists of the API on the real PostgreSQL: filters, pages, sealed callers, CSV."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from api.paging import ListQuery
from core.ids import AccountId, CallId, new_attempt_id, new_payment_id
from core.money import Money
from ivr.sessions import Session
from node.opened import every_route
from payments.notice import DisputeNews, Stage
from payments.session import State
from payments.store import Move, Payment
from tests.integration.api.rig import Api

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def _calls(api: Api, number: int) -> None:
    for one in range(number):
        caller = f"+1555010{one % 3}"
        session = Session(CallId(f"call_{one:03}"), "1000", caller, "pay_bill", "n1", _NOON)
        await api.sessions.start(session)
        if one % 2:
            await api.sessions.end(CallId(f"call_{one:03}"), _NOON, "paid", "normal")


async def _data(api: Api, path: str) -> list[dict[str, Any]]:
    status, told = await api.got(path)
    assert (status, isinstance(told, dict)) == (200, True), told
    assert isinstance(told, dict)
    return list(told["data"])


async def _paid(api: Api, account: str, call: str, minor: int = 1000) -> Payment:
    name = new_payment_id()
    payment = Payment(
        id=name,
        call=CallId(call),
        account=AccountId(account),
        amount=Money(minor, "USD"),
        state=State.PENDING,
        gateway="sandbox",
        key=f"key-{name}",
        brand="visa",
        last4="4242",
        receipt=name[-8:],
        created_at=datetime.now(UTC),
    )
    await api.stores.payments.open(payment)
    return await api.stores.payments.move(name, Move(State.CAPTURED, ref=f"ch_{name}"))


async def test_calls_of_the_same_moment_come_page_by_page_and_none_twice(api: Api) -> None:
    await _calls(api, 25)
    names: list[str] = []
    cursor = ""
    while True:
        _, told = await api.got(f"/v1/calls?limit=4&cursor={cursor}")
        assert isinstance(told, dict)
        names += [call["id"] for call in told["data"]]
        cursor = told["next_cursor"] or ""
        if not cursor:
            break
    assert names == [f"call_{one:03}" for one in reversed(range(25))]


async def test_calls_are_found_by_what_they_are(api: Api) -> None:
    await _calls(api, 9)
    assert len(await _data(api, "/v1/calls?state=live")) == 5
    assert len(await _data(api, "/v1/calls?outcome=paid")) == 4
    assert len(await _data(api, f"/v1/calls?caller={quote('+15550101')}")) == 3
    assert len(await _data(api, "/v1/calls?q=1000&limit=500")) == 9
    assert [one["id"] for one in await _data(api, "/v1/calls?q=call_007")] == ["call_007"]
    assert len(await _data(api, f"/v1/calls?q={quote('+15550102')}")) == 3
    later = quote((_NOON + timedelta(seconds=1)).isoformat())
    assert await _data(api, f"/v1/calls?from={later}") == []
    assert len(await _data(api, f"/v1/calls?to={later}")) == 9


async def test_a_call_is_found_by_what_was_paid_on_it(api: Api) -> None:
    await _calls(api, 3)
    payment = await _paid(api, "acct_7", "call_001")
    for q in (payment.id, payment.receipt, "acct_7"):
        assert [one["id"] for one in await _data(api, f"/v1/calls?q={q}")] == ["call_001"]
    _, call = await api.got("/v1/calls/call_001")
    assert isinstance(call, dict)
    assert [one["id"] for one in call["payments"]] == [payment.id]


async def test_a_callers_number_that_looks_like_a_formula_is_text_in_csv(api: Api) -> None:
    await api.sessions.start(Session(CallId("call_x"), "=1+1", "+15550101", "pay_bill", "n1", _NOON))
    async with api.client.get("/v1/calls", headers={"Accept": "text/csv"}) as answer:
        head, row = (await answer.text()).splitlines()
    assert head.startswith("id,state,number,caller")
    assert row.startswith("call_x,live,'=1+1,'+15550101,pay_bill")


async def test_every_list_that_has_pages_is_told_as_csv_too(api: Api) -> None:
    lists = [one for one in every_route() if one.query is not None and issubclass(one.query, ListQuery)]
    told = [one.path for one in lists if "{" not in one.path]
    assert len(told) > 15
    for path in told:
        async with api.client.get(path, headers={"Accept": "text/csv"}) as answer:
            assert (answer.status, answer.content_type) == (200, "text/csv"), path
            assert "," in await answer.text(), path


async def test_a_payment_is_shown_with_its_refunds_and_its_postings(api: Api) -> None:
    payment = await _paid(api, "acct_7", "call_001")
    assert [one["id"] for one in await _data(api, "/v1/payments?state=captured&last4=4242")] == [payment.id]
    assert await _data(api, "/v1/payments?state=declined") == []
    assert [one["id"] for one in await _data(api, f"/v1/payments?q={payment.receipt}")] == [payment.id]
    _, whole = await api.got(f"/v1/payments/{payment.id}")
    assert isinstance(whole, dict)
    assert sum(one["amount_minor"] for one in whole["ledger"]) == 0
    assert {one["account"] for one in whole["ledger"]} == {"gateway:sandbox", "account:acct_7"}
    assert (await api.got("/v1/payments/pay_none"))[0] == 404


async def test_a_refund_with_the_same_key_is_given_once(api: Api) -> None:
    payment = await _paid(api, "acct_7", "call_001")
    path, key = f"/v1/payments/{payment.id}/refunds", {"Idempotency-Key": "r1"}
    first = await api.asked("POST", path, {"amount_minor": 400}, **key)
    assert first[0] == 201
    assert await api.asked("POST", path, {"amount_minor": 400}, **key) == first
    status, told = await api.asked("POST", path, {"amount_minor": 1700}, **{"Idempotency-Key": "r2"})
    assert isinstance(told, dict)
    assert (status, told["code"]) == (409, "too_much_back")
    assert [one["amount_minor"] for one in await _data(api, "/v1/refunds")] == [400]
    assert len(await _data(api, f"/v1/refunds?payment={payment.id}")) == 1
    assert (await api.asked("POST", "/v1/payments/pay_none/refunds", {}))[0] == 404


async def test_a_dispute_is_answered_once_under_its_key_and_given_up(api: Api) -> None:
    payment = await _paid(api, "acct_7", "call_001")
    news = DisputeNews(payment.ref, "dp_1", Stage.OPENED, payment.amount, "fraudulent")
    await api.stores.disputes.note(payment.id, news)
    path, key = "/v1/disputes/sandbox:dp_1", {"Idempotency-Key": "e1"}
    status, told = await api.asked("POST", f"{path}/evidence", {"text": "Paid by telephone"}, **key)
    assert isinstance(told, dict)
    assert (status, told["answer"]["kind"], told["answer"]["state"]) == (200, "evidence", "done")
    other = {"Idempotency-Key": "e2"}
    status, told = await api.asked("POST", f"{path}/evidence", {"text": "Another text"}, **other)
    assert isinstance(told, dict)
    assert (status, told["code"]) == (409, "refused")
    status, told = await api.asked("POST", f"{path}/accept", **{"Idempotency-Key": "a1"})
    assert isinstance(told, dict)
    assert (status, told["stage"], told["answer"]["kind"]) == (200, "lost", "accepted")
    _, whole = await api.got(f"/v1/payments/{payment.id}")
    assert isinstance(whole, dict)
    assert whole["state"] == "charged_back"
    assert (await api.asked("POST", "/v1/disputes/sandbox:none/accept"))[0] == 404
    assert (await api.asked("POST", "/v1/disputes/none/accept"))[0] == 404


async def test_the_ledger_is_listed_and_its_balances_are_added_up(api: Api) -> None:
    for one in range(3):
        await _paid(api, f"acct_{one}", "call_001")
    _, told = await api.got("/v1/ledger/entries?limit=4")
    assert isinstance(told, dict)
    rest = await _data(api, f"/v1/ledger/entries?limit=4&cursor={told['next_cursor']}")
    assert (len(told["data"]), len(rest)) == (4, 2)
    balances = {one["account"]: one["amount_minor"] for one in await _data(api, "/v1/ledger/balances")}
    assert balances == {
        "account:acct_0": -1000,
        "account:acct_1": -1000,
        "account:acct_2": -1000,
        "gateway:sandbox": 3000,
    }
    assert len(await _data(api, "/v1/ledger/balances?account=gateway:")) == 1
    assert len(await _data(api, "/v1/ledger/entries?account=gateway:sandbox")) == 3


async def test_something_is_put_on_a_list_and_taken_off(api: Api) -> None:
    order = {"kind": "caller", "value": "+15550101", "allow": False, "reason": "tries cards", "days": 2}
    status, entry = await api.asked("POST", "/v1/fraud/lists", order)
    assert isinstance(entry, dict)
    assert (status, entry["kind"], entry["allow"]) == (201, "caller", False)
    assert "+15550101" not in str(entry)
    assert await _data(api, "/v1/fraud/lists?allow=true") == []
    assert [one["hash"] for one in await _data(api, "/v1/fraud/lists?kind=caller")] == [entry["hash"]]
    path = f"/v1/fraud/lists/caller/{entry['hash']}"
    assert (await api.asked("DELETE", path))[0] == 204
    assert (await api.asked("DELETE", path))[0] == 404
    assert (await api.asked("POST", f"/v1/fraud/reviews/{new_attempt_id()}/approve", {}))[0] == 404


async def test_gateways_say_how_they_did(api: Api) -> None:
    await _paid(api, "acct_7", "call_001")
    [gateway] = await _data(api, "/v1/routing/gateways")
    assert (gateway["gateway"], gateway["asked"], gateway["success"]) == ("sandbox", 1, 1.0)
    assert gateway["available"] is True
    _, told = await api.got("/v1/analytics/summary")
    assert isinstance(told, dict)
    assert told["taken"] == [{"amount_minor": 1000, "currency": "USD", "payments": 1}]
