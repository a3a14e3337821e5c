"""What gateways settled, below `/v1/settlements`: reports with their lines, and a new one brought in."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from pydantic import BaseModel, Field

from api.body import read_raw
from api.paging import ListQuery, Page, page_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.money import Money
from db.pages import Place
from db.settlement_list import Batch, SettlementList
from db.settlements import StoredSettlements
from payments.settlement import Difference, Finding, Imported
from payments.settlement_row import RowKind, SettlementRow

_LARGEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SettlementRoom:
    """What these routes work with; `reader` reads a gateway's reports."""

    list: SettlementList
    stored: StoredSettlements
    reader: Callable[[str], Callable[[BinaryIO], Iterator[SettlementRow]]]


class SettlementsQuery(ListQuery):
    """What may stand behind `?` in a request for settlements."""

    gateway: str = Field("", max_length=64)


class LinesQuery(BaseModel, extra="forbid"):
    """Lines above `after`."""

    after: int = Field(0, ge=0, le=2**31 - 1)
    limit: int = Field(100, ge=1, le=500)


class OfGateway(BaseModel, extra="forbid"):
    """Whose report it is."""

    gateway: str = Field(min_length=1, max_length=64)


class Sum(BaseModel):
    """An amount."""

    amount_minor: int
    currency: str

    @classmethod
    def of(cls, money: Money) -> "Sum":
        """The amount."""
        return cls(amount_minor=money.minor, currency=money.currency)


class SettlementOut(BaseModel):
    """A settlement of a gateway; `net` is what was settled less fees, payouts aside."""

    gateway: str
    batch: str
    lines: int
    first_at: datetime
    last_at: datetime
    imported_at: datetime
    net: list[Sum]

    @classmethod
    def of(cls, batch: Batch) -> "SettlementOut":
        """The settlement."""
        return cls(
            gateway=batch.gateway,
            batch=batch.batch,
            lines=batch.lines,
            first_at=batch.first_at,
            last_at=batch.last_at,
            imported_at=batch.imported_at,
            net=[Sum.of(one) for one in batch.net],
        )


class SettlementLine(BaseModel):
    """A line of a report: above zero it comes to us, below it leaves."""

    line: int
    kind: RowKind
    ref: str
    payment: str | None
    gross_minor: int
    fee_minor: int
    currency: str
    at: datetime

    @classmethod
    def of(cls, row: SettlementRow) -> "SettlementLine":
        """The line."""
        return cls(
            line=row.line,
            kind=row.kind,
            ref=row.ref,
            payment=row.payment,
            gross_minor=row.gross.minor,
            fee_minor=row.fee.minor,
            currency=row.gross.currency,
            at=row.at,
        )


class FindingOut(BaseModel):
    """In what we, our ledger and the gateway do not agree."""

    difference: Difference
    ref: str
    subject: str
    ours: Sum | None
    ledger: Sum | None
    theirs: Sum | None
    why: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        """The difference."""
        ours, ledger, theirs = (
            Sum.of(one) if one is not None else None for one in (finding.ours, finding.ledger, finding.theirs)
        )
        return cls(
            difference=finding.difference,
            ref=finding.ref,
            subject=finding.subject,
            ours=ours,
            ledger=ledger,
            theirs=theirs,
            why=finding.why,
        )


class ImportedOut(BaseModel):
    """What an import did, and the differences that it found."""

    new: int
    known: int
    matched: int
    findings: list[FindingOut]

    @classmethod
    def of(cls, imported: Imported) -> "ImportedOut":
        """The import."""
        findings = [FindingOut.of(one) for one in imported.findings]
        return cls(new=imported.new, known=imported.known, matched=imported.matched, findings=findings)


def routes(room: SettlementRoom) -> Table:
    """The routes."""

    async def listed(asked: Asked[SettlementsQuery, None]) -> Page[SettlementOut]:
        query = asked.query
        found = await room.list.page(query.gateway, query.place(), query.limit)
        return page_of(found, query.limit, SettlementOut.of, _place)

    async def lines(asked: Asked[LinesQuery, None]) -> Page[SettlementLine]:
        query, of = asked.query, (asked.part("gateway"), asked.part("batch"))
        found = await room.list.lines(*of, query.after, query.limit)
        more = str(found[query.limit - 1].line) if len(found) > query.limit else None
        return Page(data=[SettlementLine.of(one) for one in found[: query.limit]], next_cursor=more)

    async def bring_in(asked: Asked[OfGateway, None]) -> ImportedOut:
        gateway = asked.query.gateway
        read = room.reader(gateway)
        body = await read_raw(asked.request, _LARGEST)
        return ImportedOut.of(await room.stored.bring_in(gateway, read(io.BytesIO(body))))

    look, path = Scope.SETTLEMENTS_READ, "/v1/settlements"
    return [
        Route(
            "GET",
            path,
            listed,
            look,
            "Settlements, newest first",
            query=SettlementsQuery,
            answer=Page[SettlementOut],
            csv=True,
        ),
        Route(
            "GET",
            f"{path}/{{gateway}}/{{batch}}/lines",
            lines,
            look,
            "The lines of a settlement; `after` takes `next_cursor`",
            query=LinesQuery,
            answer=Page[SettlementLine],
        ),
        Route(
            "POST",
            path,
            bring_in,
            Scope.SETTLEMENTS_ACT,
            "Bring a report in, as the gateway wrote it, and see where we differ",
            query=OfGateway,
            answer=ImportedOut,
            reads_body=True,
            replays=False,
        ),
    ]


def _place(batch: Batch) -> Place:
    return Place(batch.last_at, f"{batch.gateway} {batch.batch}")
