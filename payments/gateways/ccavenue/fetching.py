"""CCAvenue's payouts of a day, asked for one after the other and joined to one report."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Final

from payments.gateways.ccavenue.answers import NOBODY, Json
from payments.outcome import NotAttempted, Unknown

Ask = Callable[[str, Mapping[str, str]], Awaitable[Json | Unknown | NotAttempted]]
"""A command and its question, and what CCAvenue answered."""

_MOST_PAGES: Final = 1000


async def fetched(ask: Ask, day: date) -> bytes | NotAttempted | Unknown:
    """The payouts with all of their transactions."""
    answer = await ask("payoutSummary", {"settlement_date": f"{day:%d-%m-%Y}"})
    told = _result(answer, "Payout_Summary_Result")
    if not isinstance(told, Mapping):
        return told
    payouts = []
    for summary in _several(told, "payout_summary_list", "payout_summary_details"):
        transactions = await _transactions(ask, str(summary["pay_Id"]))
        if not isinstance(transactions, list):
            return transactions
        payouts.append({"summary": summary, "transactions": transactions})
    return json.dumps({"payouts": payouts}).encode()


async def _transactions(ask: Ask, payout: str) -> list[Json] | NotAttempted | Unknown:
    found: list[Json] = []
    for page in range(1, _MOST_PAGES + 1):
        answer = await ask("payIdDetails", {"pay_id": payout, "page_number": str(page)})
        told = _result(answer, "pay_id_details_Result")
        if not isinstance(told, Mapping):
            return told
        found.extend(_several(told, "pay_id_txn_details_list", "pay_id_txn_details"))
        if page >= int(told.get("page_count") or 0):
            break
    return found


def _result(answer: Json | Unknown | NotAttempted, name: str) -> Json | NotAttempted | Unknown:
    """What stands in an answer; nothing at all when CCAvenue found nothing."""
    if not isinstance(answer, Mapping):
        return answer
    told = answer.get(name)
    if not isinstance(told, Mapping):
        return Unknown(f"CCAvenue answered without {name}")
    code = str(told.get("error_code") or "")
    if code and code != NOBODY:
        return NotAttempted(f"CCAvenue told no settlements: {told.get('error_desc')} ({code})")
    return told


def _several(told: Json, among: str, name: str) -> list[Any]:
    """A list; where there is one alone, CCAvenue may leave out that it is one."""
    inside = (told.get(among) or {}).get(name) or []
    return inside if isinstance(inside, list) else [inside]
