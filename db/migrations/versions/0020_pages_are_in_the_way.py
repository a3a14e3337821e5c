"""A payment whose payer may be on a page right now is in the way of another one of the same bill."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Between the insert and this question no page can begin: a page's payment is pending first, and one bill has
# one pending payment at a time.
_OPEN = """
CREATE OR REPLACE FUNCTION open_payments(
    new_attempts jsonb, new_payments jsonb, new_facts jsonb, new_audits jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    INSERT INTO attempts (id, key, digest, call, account, amount_minor, currency, method, fingerprint,
                          risk, route, at)
    SELECT id, key, digest, call, account, amount_minor, currency, method, fingerprint, risk, route, at
      FROM jsonb_populate_recordset(NULL::attempts, new_attempts)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < jsonb_array_length(new_attempts) THEN
        RAISE SQLSTATE 'TL001';
    END IF;
    INSERT INTO payments (id, call, account, amount_minor, currency, state, gateway, key, brand, last4,
                          receipt, ref, reason, created_at, touched_at, attempt)
    SELECT id, call, account, amount_minor, currency, state, gateway, key, brand, last4,
           receipt, ref, reason, created_at, touched_at, attempt
      FROM jsonb_populate_recordset(NULL::payments, new_payments)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < jsonb_array_length(new_payments) OR EXISTS (
        SELECT FROM jsonb_populate_recordset(NULL::payments, new_payments) AS r
          JOIN payments AS p ON p.account = r.account AND p.state = 'action_required' AND p.last4 = '')
    OR EXISTS (
        SELECT FROM jsonb_populate_recordset(NULL::payments, new_payments) AS r
          JOIN accounts AS a ON a.id = r.account
          LEFT JOIN ledger_balances AS b ON b.account = 'account:' || r.account AND b.currency = r.currency
         WHERE r.amount_minor > coalesce(b.balance_minor, 0))
    THEN
        RAISE SQLSTATE 'TL001';
    END IF;
    INSERT INTO facts_inbox (at, call, kind, body, teller, told)
    SELECT at, call, kind, body, teller, told FROM jsonb_populate_recordset(NULL::facts_inbox, new_facts);
    INSERT INTO audit_inbox (at, action, subject, detail)
    SELECT at, action, subject, detail FROM jsonb_populate_recordset(NULL::audit_inbox, new_audits);
    RETURN true;
EXCEPTION WHEN SQLSTATE 'TL001' THEN
    RETURN false;
END $$
"""


def upgrade() -> None:
    op.execute(_OPEN)
    op.execute(
        "CREATE INDEX ix_payments_on_a_page ON payments (account)"
        " WHERE state = 'action_required' AND last4 = ''"
    )
