"""What a call left in the database and at the gateway, as tables on the screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from core.ids import CallId
from db.audit import Intact, verify
from db.engine import Work
from node.stack.stack import Stack

_QUERIES = {
    "session": "SELECT id, number, flow, outcome, cause FROM calls WHERE id = :call",
    "payment": """SELECT id, state, amount_minor, currency, gateway, brand, last4, receipt
                    FROM payments WHERE call = :call""",
    "ledger": """SELECT t.reference, e.account, e.amount_minor, e.currency
                  FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
                  JOIN payments p ON t.reference LIKE '%' || p.id || '%'
                 WHERE p.call = :call ORDER BY e.line""",
    "audit trail": """SELECT a.seq, a.at, a.action, a.subject FROM audit a
                        JOIN payments p ON a.subject = p.id WHERE p.call = :call ORDER BY a.seq""",
}


async def show_books(console: Console, line: Stack, call: CallId | None) -> None:
    """The session, the payment, its ledger entries and audit rows, and whether the audit chain is whole."""
    work = Work(line.postgres.url("tellerline"))
    try:
        for title, query in _QUERIES.items():
            async with work.begin() as tx:
                rows = (await tx.execute(text(query), {"call": call})).mappings().all()
            console.print(_table(title, [dict(row) for row in rows]))
        chain = await verify(work)
        whole = isinstance(chain, Intact)
        console.print(f"[green]✓[/] the audit chain is whole: {chain}" if whole else f"[red]✗ {chain}[/]")
    finally:
        await work.close()


def _table(title: str, rows: Sequence[dict[str, object]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="dim")
    for name in rows[0] if rows else ("nothing",):
        table.add_column(name)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    return table
