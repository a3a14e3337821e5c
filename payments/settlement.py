"""Settlement: what a gateway says that it settled, beside our payments and our ledger."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.money import Money
from payments.ledger import Posting, fee, paid_out
from payments.settlement_row import RowKind, SettlementRow


class Difference(Enum):
    """In what the three do not agree."""

    NOT_OURS = "not_ours"  # the gateway settled what we have no payment, refund or dispute for
    OTHER_AMOUNT = "other_amount"  # the three amounts are not one
    OTHER_STATE = "other_state"  # the gateway settled what ended otherwise with us
    NOT_SETTLED = "not_settled"  # ours, older than the report's first row, and in none of its reports
    TWICE = "twice"  # the gateway settled the same thing more than once


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: our amount, the ledger's and the gateway's, each None where there is none."""

    difference: Difference
    ref: str
    subject: str
    ours: Money | None
    ledger: Money | None
    theirs: Money | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `new` rows were written, `known` ones stood there already."""

    new: int
    known: int
    matched: int
    findings: Sequence[Finding]


class Settlements(Protocol):
    """Where settlement rows are written down, and matched. Raises StoreLost; BadInput for a changed row."""

    async def bring_in(self, gateway: str, rows: Iterable[SettlementRow]) -> Imported:
        """Write the rows and post their fees and payouts, all or nothing; then match all three sides.

        A row that stands there already is left alone, so that a file may be imported again.
        """
        ...


def postings(gateway: str, row: SettlementRow) -> Iterator[tuple[str, list[Posting]]]:
    """What a row posts beyond what payments and refunds have posted already, each with its reference."""
    name = f"settlement:{gateway}:{row.batch}:{row.line}"
    if row.fee.minor:
        yield f"{name}:fee", fee(gateway, row.fee)
    if row.kind is RowKind.FEE and row.gross.minor:
        yield f"{name}:gross", fee(gateway, Money(-row.gross.minor, row.gross.currency))
    if row.kind is RowKind.PAYOUT and row.gross.minor:
        yield f"{name}:payout", paid_out(gateway, Money(-row.gross.minor, row.gross.currency))
