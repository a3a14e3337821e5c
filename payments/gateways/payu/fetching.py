"""PayU's settlements of a day, asked for page by page and joined to one report."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode

from payments.client import Client
from payments.gateways.payu import answers, signing
from payments.gateways.payu.account import Account
from payments.outcome import NotAttempted, Unknown

_PATH: Final = "/settlement/range"
_SIZE: Final = 500
_MOST_PAGES: Final = 200
_EMPTY: Final = "no data found"


async def fetched(
    client: Client, account: Account, day: date, now: Callable[[], datetime]
) -> bytes | NotAttempted | Unknown:
    """The joined answers, in the form of one."""
    found: list[object] = []
    for page in range(1, _MOST_PAGES + 1):
        answer = await _page(client, account, day, page, now())
        if not isinstance(answer, Mapping):
            return answer
        result = answer.get("result")
        if not isinstance(result, Mapping):
            if str(answer.get("message") or result).lower() != _EMPTY:
                return NotAttempted(f"PayU told no settlements: {answer.get('message')}")
            break
        found.extend(result.get("data") or ())
        if page * _SIZE >= int(result.get("totalCount") or 0):
            break
    return json.dumps({"status": 0, "result": {"data": found}}).encode()


async def _page(
    client: Client, account: Account, day: date, page: int, now: datetime
) -> answers.Json | NotAttempted | Unknown:
    asked = {"dateFrom": day.isoformat(), "pageSize": str(_SIZE), "page": str(page)}
    at = format_datetime(now.astimezone(UTC), usegmt=True)
    headers = {
        "Date": at,
        "Authorization": signing.of_request(account.key, account.salt, at),
        "Accept": "application/json",
    }
    return answers.of_reply(await client.ask("GET", f"{_PATH}?{urlencode(asked)}", headers))
