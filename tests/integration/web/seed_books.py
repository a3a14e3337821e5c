"""What stands beside the calls: a stored card, lists, a dispute, a settlement that differs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import FixedClock
from core.ids import AccountId
from db.disputes import StoredDisputes
from db.fraud_cases import StoredLists
from db.methods import StoredMethods
from payments.brand import Brand
from payments.fraud.keys import Kind, Mark
from payments.fraud.lists import Entry
from payments.gateways.sandbox.report import COLUMNS
from payments.methods import MethodId, StoredCard
from payments.notice import DisputeNews, Stage
from payments.orders import Token
from payments.store import Payment
from tests.integration.api.rig import Api

BATCH = "payout-7"
_HASH_HEX = 32


@dataclass(frozen=True)
class Charge:
    """A charge as a report has it."""

    ref: str
    payment: str
    gross_minor: int


async def books(api: Api, now: datetime, paid: list[Payment]) -> None:
    """Write them down; `paid` are payments that were taken, the newest last."""
    await _cards(api, now)
    await _lists(api, now)
    disputed = paid[0]
    news = DisputeNews(
        disputed.ref, "dp_1001", Stage.OPENED, disputed.amount, "fraudulent", now + timedelta(days=9)
    )
    await StoredDisputes(api.work, FixedClock(now)).note(disputed.id, news)
    same = [Charge(one.ref, one.id, one.amount.minor) for one in paid[-6:]]
    other = Charge(paid[-7].ref, paid[-7].id, paid[-7].amount.minor - 500)
    status, told = await settled(api, report(now, *same, other, Charge("ch_1001", "", 12_550)))
    assert status == 200, told


def report(now: datetime, *charges: Charge) -> bytes:
    """The sandbox's report of these charges."""
    rows = [
        f"charge,{one.ref},{one.ref},{one.payment},{one.gross_minor},{one.gross_minor * 3 // 100},USD"
        for one in charges
    ]
    return "\n".join([",".join(COLUMNS), *(f"{row},{now.isoformat()},{BATCH}" for row in rows), ""]).encode()


async def settled(api: Api, body: bytes) -> tuple[int, object]:
    """Bring a report in."""
    async with api.client.post("/v1/settlements?gateway=sandbox", data=body) as answer:
        return answer.status, await answer.json()


async def _cards(api: Api, now: datetime) -> None:
    kept = StoredMethods(api.work, FixedClock(now))
    for place, brand in enumerate((Brand.VISA, Brand.MASTERCARD)):
        token = Token("sandbox", f"tok_{place}", reusable=True)
        at = now - timedelta(days=place)
        account = AccountId(f"acct_{place}")
        await kept.keep(
            StoredCard(MethodId(f"method_{place:04}"), account, token, brand, f"424{place}", at, listed=True)
        )


async def _lists(api: Api, now: datetime) -> None:
    lists = StoredLists(api.work)
    for place, (kind, allow, why) in enumerate(
        ((Kind.CALLER, False, "rang forty times in a night"), (Kind.ACCOUNT, True, "pays for a whole house"))
    ):
        mark = Mark(kind, f"{place:x}" * _HASH_HEX)
        await lists.put(Entry(mark, allow, why, "robin@example.com", now - timedelta(days=place)))
