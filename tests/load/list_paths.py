"""The lists that the bench asks the API for, each with its filters, and those that it leaves out."""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from api.paging import Page
from node.opened import every_route
from tests.load.list_books import CALLERS, DAYS, UNTIL, number_of, some

Ask = Callable[[], str]
"""A path with its query; what it looks for is another one each time."""

LISTS: Final[tuple[Ask, ...]] = (
    lambda: "/v1/calls",
    lambda: "/v1/calls?state=live",
    lambda: "/v1/calls?outcome=hung_up",
    lambda: "/v1/calls?number=1001&state=ended",
    lambda: f"/v1/calls?caller={_caller()}",
    lambda: f"/v1/calls?q={_caller()}",
    lambda: f"/v1/calls?q={some('acct_', 20_000)}",
    lambda: f"/v1/calls?q={some('pay_', 80_000)}",
    lambda: f"/v1/calls?{period(2)}&outcome=paid",
    lambda: "/v1/payments",
    lambda: "/v1/payments?state=declined",
    lambda: f"/v1/payments?account={some('acct_', 20_000)}",
    lambda: "/v1/payments?gateway=birch&state=captured",
    lambda: f"/v1/payments?q={secrets.randbelow(80_000):08}",
    lambda: f"/v1/payments?{period(3)}&last4={secrets.randbelow(10_000):04}",
    lambda: "/v1/refunds",
    lambda: "/v1/ledger/entries",
    lambda: "/v1/ledger/entries?account=gateway:alder",
    lambda: f"/v1/ledger/entries?{period(1)}",
    lambda: "/v1/ledger/balances?account=account:",
    lambda: "/v1/routing/decisions",
    lambda: "/v1/fraud/reviews",
    lambda: "/v1/methods",
    lambda: "/v1/links",
    lambda: "/v1/links?state=expired",
    lambda: f"/v1/links?account={some('acct_', 20_000)}",
    lambda: "/v1/webhooks/deliveries",
    lambda: "/v1/webhooks/deliveries?state=dead",
    lambda: f"/v1/webhooks/deliveries?endpoint={some('we_', 200)}",
    lambda: "/v1/webhooks/endpoints",
    lambda: "/v1/disputes",
    lambda: "/v1/settlements",
    lambda: f"/v1/settlements/alder/{some('batch_', 120)}/lines",
    lambda: "/v1/messages",
    lambda: "/v1/messages?state=failed",
    lambda: "/v1/fraud/lists",
    lambda: "/v1/audit",
    lambda: f"/v1/audit?subject={some('call_0', 99_999)}",
    lambda: f"/v1/audit?{period(1)}",
    lambda: f"/v1/audit?by={some('user_', 50)}",
    lambda: "/v1/audit?action=nothing+of+the+kind",
    lambda: "/v1/users",
    lambda: "/v1/keys",
    lambda: "/v1/numbers",
    lambda: "/v1/flows",
    lambda: f"/v1/flows/{some('flow_', 100)}/versions",
    lambda: "/v1/flows-taken-out",
    lambda: "/v1/prompts",
    lambda: "/v1/templates",
    lambda: "/v1/routing/gateways",
)


def unmeasured(asked: Iterable[Ask]) -> set[str]:
    """Lists of the API that none of these asks for, as their routes are written."""
    lists = {one.path for one in every_route() if one.answer is not None and issubclass(one.answer, Page)}
    return lists - {_route_of(one().partition("?")[0], lists) for one in asked}


def _route_of(path: str, routes: Iterable[str]) -> str:
    """The route that says most of the path itself, as `/v1/keys/all` does more than `/v1/keys/{id}`."""
    leading = (one for one in routes if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", one), path))
    return min(leading, key=lambda one: one.count("{"), default="")


def period(days: int) -> str:
    """The filter for so many days in a row, some time within those that the books are of."""
    until = UNTIL - timedelta(days=secrets.randbelow(DAYS - days + 1))
    return f"from={quote((until - timedelta(days=days)).isoformat())}&to={quote(until.isoformat())}"


def _caller() -> str:
    return quote(number_of(secrets.randbelow(CALLERS)))
