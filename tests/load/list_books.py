"""A line's books after 100,000 calls, for lists to be read from."""

import secrets
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import insert, text

from core.ids import CallId
from db.engine import Work
from db.people import People, of_caller
from db.places import CALLER, caller_of_call
from db.tables import calls
from tests.load.list_other_books import OTHER_BOOKS

CALLS = 100_000
CALLERS = 5_000
UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 30
_BATCH = 5_000
_OUTCOMES = ("paid", "paid", "paid", "hung_up", "declined", "nothing_due", "spoke_to_agent", "no_input")

# Written without the guards of the tables, which would have each payment go all its ways.
_SQL = (
    "SET LOCAL session_replication_role = replica",
    """
    INSERT INTO attempts (id, key, digest, call, account, amount_minor, currency, method, fingerprint, risk,
                          route, at)
    SELECT 'att_' || n, 'key' || n, '', 'call_' || lpad(n::text, 6, '0'), 'acct_' || n % 20000,
           1000 + n % 9000, 'USD', 'card', '',
           '{"decision": "allow", "score": 0.1, "reasons": ["none"], "model": "bench"}',
           '{"policy": "bench", "choices": [{"gateway": "alder", "reasons": ["cheap"]}], "passed": []}',
           CAST(:until AS timestamptz) - n * interval '26 seconds'
      FROM generate_series(1, 80000) AS n
    """,
    """
    INSERT INTO payments (id, call, account, amount_minor, currency, state, gateway, key, brand, last4,
                          receipt, ref, reason, created_at, touched_at, attempt, captured_minor)
    SELECT 'pay_' || n, 'call_' || lpad(n::text, 6, '0'), 'acct_' || n % 20000, 1000 + n % 9000, 'USD',
           CASE WHEN n % 4 = 0 THEN 'declined' ELSE 'captured' END,
           (ARRAY['alder', 'birch', 'cedar'])[1 + n % 3], 'key' || n, 'visa', lpad((n % 10000)::text, 4, '0'),
           lpad(n::text, 8, '0'), 'ch_' || n, CASE WHEN n % 4 = 0 THEN 'do_not_honor (05)' ELSE '' END,
           CAST(:until AS timestamptz) - n * interval '26 seconds', CAST(:until AS timestamptz), 'att_' || n,
           CASE WHEN n % 4 = 0 THEN 0 ELSE 1000 + n % 9000 END
      FROM generate_series(1, 80000) AS n
    """,
    """
    INSERT INTO refunds (id, payment, amount_minor, currency, state, key, created_at, touched_at)
    SELECT 'ref_' || n, 'pay_' || n, 100, 'USD', 'done', 'ref' || n, created_at, created_at
      FROM payments, LATERAL (SELECT substr(id, 5)::int AS n) AS _ WHERE state = 'captured' AND n % 10 = 1
    """,
    """
    INSERT INTO ledger_transactions (reference, at)
    SELECT id || ':captured', created_at FROM payments WHERE state = 'captured' ORDER BY created_at
    """,
    """
    INSERT INTO ledger_entries (transaction_id, line, account, amount_minor, currency)
    SELECT t.id, line, CASE line WHEN 1 THEN 'gateway:' || p.gateway ELSE 'account:' || p.account END,
           CASE line WHEN 1 THEN captured_minor ELSE -captured_minor END, 'USD'
      FROM ledger_transactions AS t JOIN payments AS p ON t.reference = p.id || ':captured',
           generate_series(1, 2) AS line
    """,
    """
    INSERT INTO ledger_balances (account, currency, balance_minor)
    SELECT account, currency, sum(amount_minor) FROM ledger_entries
     WHERE account LIKE 'account:%' GROUP BY 1, 2
    """,
    """
    INSERT INTO facts (seq, at, call, kind, body, teller, told)
    SELECT 3 * n + step, CAST(:until AS timestamptz), 'call_' || lpad(n::text, 6, '0'),
           (ARRAY['call_started', 'said', 'call_ended'])[1 + step],
           (ARRAY['{"number": "1000", "caller": "", "flow": "pay_bill"}',
                  '{"prompt": "greeting", "text": "Hello."}',
                  '{"outcome": "paid", "cause": "normal", "seconds": 60}']::jsonb[])[1 + step],
           'bench', 3 * n + step
      FROM generate_series(1, 100000) AS n, generate_series(0, 2) AS step
    """,
    """
    INSERT INTO call_hours (hour, what, name, number)
    SELECT CAST(:until AS timestamptz) - h * interval '1 hour', what, name, 3
      FROM generate_series(1, 720) AS h,
           (SELECT 'turn' AS what, (400 + 10 * n)::text AS name FROM generate_series(1, 120) AS n
             UNION ALL SELECT 'asked', 'question ' || n FROM generate_series(1, 12) AS n
             UNION ALL SELECT 'understood', 'question ' || n FROM generate_series(1, 12) AS n
             UNION ALL SELECT 'gave_up', 'prompt ' || n FROM generate_series(1, 20) AS n
             UNION ALL SELECT 'calls', '' UNION ALL SELECT 'handed_over', '') AS kinds
    """,
    "UPDATE call_hours_upto SET seq = 1000000",
)


def number_of(caller: int) -> str:
    """The telephone number of a made-up caller."""
    return f"+1555{caller:07}"


async def write(work: Work, people: People) -> None:
    """All of it, with sealed callers."""
    async with work.begin(120) as tx:
        key = await people.index_key(tx)
        indexes = [people.index_with(key, CALLER, number_of(one)) for one in range(CALLERS)]
        keys = await people.keys(tx, list(map(of_caller, indexes)))
    chance, step = Random(1), timedelta(days=DAYS) / CALLS
    for first in range(0, CALLS, _BATCH):
        rows = []
        for one in range(first, first + _BATCH):
            caller, name = one % CALLERS, CallId(f"call_{one:06}")
            sealer = keys[of_caller(indexes[caller])]
            assert sealer is not None
            began = UNTIL - one * step
            rows.append(
                {
                    "id": name,
                    "number": "1000" if one % 3 else "1001",
                    "caller": "",
                    "caller_index": indexes[caller],
                    "caller_sealed": sealer.seal(number_of(caller), caller_of_call(name)),
                    "flow": "pay_bill",
                    "node": "n1",
                    "started_at": began,
                    "ended_at": None if one < 40 else began + timedelta(seconds=80),
                    "outcome": "" if one < 40 else chance.choice(_OUTCOMES),
                    "cause": "normal",
                }
            )
        async with work.begin(60) as tx:
            await tx.execute(insert(calls), rows)
    async with work.begin(240) as tx:
        await tx.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in (*_SQL, *OTHER_BOOKS):
            given = {"until": UNTIL} if ":until" in statement else {}
            await tx.execute(text(statement.replace(":captured'", "\\:captured'")), given)
    async with work.single() as tx:
        await tx.execute(text("ANALYZE"))


def some(what: str, number: int) -> str:
    """The name of one of `number` things."""
    return f"{what}{secrets.randbelow(number)}"
