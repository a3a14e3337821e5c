"""Finding a payment at PayPal by our reference: its report of transactions, which lags behind.

https://developer.paypal.com/docs/api/transaction-search/v1: a transaction may take three hours to appear.
Orders cannot be searched; so what is not listed is believed to be nothing only after that time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from core.clock import Clock
from core.ids import PaymentId, made_at_ms
from payments.client import Said
from payments.gateways.paypal import answers
from payments.gateways.paypal.speaker import Speaker
from payments.outcome import Approved, NotAttempted, Outcome, Unknown

LAG: Final = timedelta(hours=3, minutes=30)
_SKEW: Final = timedelta(minutes=5)
_WINDOW: Final = timedelta(hours=1)
_PAGE: Final = 500
_PAGES: Final = 20
_NOT_FOUND: Final = 404


async def found(speaker: Speaker, ref: str) -> Outcome:
    """What became of the capture or the authorization `ref`."""
    for kind in ("captures", "authorizations"):
        reply = await speaker.ask("GET", f"/v2/payments/{kind}/{ref}")
        if not isinstance(reply, Said):
            return Unknown(reply.why)
        if reply.status == _NOT_FOUND:
            continue
        made = answers.of_reply(reply)
        if isinstance(made, Mapping):
            if kind == "captures":
                return answers.of_capture(made)
            return await _of_held(speaker, made)
        return Unknown(f"PayPal answered {reply.status} about {ref}")
    return NotAttempted(f"PayPal knows no {ref}")


async def listed(speaker: Speaker, clock: Clock, payment: PaymentId) -> Outcome:
    """What became of a payment, from the report of the time about which its id was made."""
    at_ms = made_at_ms(payment)
    if at_ms is None:
        return Unknown(f"{payment} does not tell when it was made")
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    for page in range(1, _PAGES + 1):
        query = {
            "start_date": _written(at - _SKEW),
            "end_date": _written(at + _WINDOW),
            "fields": "transaction_info",
            "page_size": _PAGE,
            "page": page,
        }
        reply = await speaker.ask("GET", f"/v1/reporting/transactions?{urlencode(query)}")
        if not isinstance(reply, Said):
            return Unknown(reply.why)
        report = answers.of_reply(reply)
        if not isinstance(report, Mapping):
            return Unknown(f"PayPal answered a search with {reply.status}")
        refs = [
            str(row["transaction_info"]["transaction_id"])
            for row in report.get("transaction_details") or []
            if row["transaction_info"].get("custom_field") == payment
        ]
        if refs:
            return await _best(speaker, refs)
        if page >= int(report.get("total_pages", 1)):
            return _nothing(clock.now() - at)
    return Unknown(f"not among the {_PAGE * _PAGES} transactions of that hour")


async def _best(speaker: Speaker, refs: list[str]) -> Outcome:
    outcomes = [await found(speaker, ref) for ref in refs]
    taken = [one for one in outcomes if isinstance(one, Approved)]
    return next((one for one in taken if one.captured), taken[0] if taken else outcomes[-1])


async def _of_held(speaker: Speaker, held: answers.Json) -> Outcome:
    """An authorization that was captured is told by its order, which names the capture."""
    if "CAPTURED" not in held["status"]:
        return answers.of_authorization(held)
    order = held["supplementary_data"]["related_ids"]["order_id"]
    reply = await speaker.ask("GET", f"/v2/checkout/orders/{order}")
    made = answers.of_reply(reply) if isinstance(reply, Said) else None
    return answers.of_order(made) if isinstance(made, Mapping) else Unknown(f"no answer about {order}")


def _nothing(age: timedelta) -> NotAttempted | Unknown:
    if age < LAG:
        return Unknown("PayPal does not list it yet; its report lags up to three hours behind")
    return NotAttempted("PayPal never heard of it")


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
