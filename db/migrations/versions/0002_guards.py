"""What guards the tables: allowed moves, append-only tables, balanced postings, facts in turn."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PAYMENTS = """
CREATE FUNCTION payments_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' THEN
            RAISE EXCEPTION 'payment % begins as pending, not as %', NEW.id, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.call, NEW.account, NEW.amount_minor, NEW.currency, NEW.key, NEW.receipt, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.call, OLD.account, OLD.amount_minor, OLD.currency, OLD.key, OLD.receipt, OLD.created_at)
    THEN
        RAISE EXCEPTION 'payment % keeps its amount, account, key and receipt', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state
       AND NOT EXISTS (SELECT 1 FROM payment_moves AS m WHERE m.old = OLD.state AND m.new = NEW.state) THEN
        RAISE EXCEPTION 'payment % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_guard BEFORE INSERT OR UPDATE ON payments
    FOR EACH ROW EXECUTE FUNCTION payments_guard();
"""

_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON payments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_changed BEFORE UPDATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

_LEDGER = """
CREATE FUNCTION ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entries WHERE transaction_id = NEW.transaction_id
               GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_sums_to_zero AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero();

CREATE FUNCTION ledger_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_balances AS kept (account, currency, balance_minor)
    SELECT account, currency, sum(amount_minor) FROM added
     WHERE account LIKE 'account:%' GROUP BY account, currency ORDER BY account, currency
    ON CONFLICT (account, currency) DO UPDATE SET balance_minor = kept.balance_minor + excluded.balance_minor;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_keep_balances AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances();

CREATE FUNCTION ledger_balances_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'ledger_balances follows from ledger_entries: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_balances_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_balances
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_balances_guard();
"""

# 7355002 is db.locks.Turn.JOURNAL. The turn lasts until the commit, so that who reads in the order of `seq`
# never sees a higher one before a lower one, and `seq` has no gaps.
_FACTS = """
CREATE FUNCTION journal_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7355002);
    RETURN NULL;
END $$;
CREATE TRIGGER journal_in_turn BEFORE INSERT ON facts FOR EACH STATEMENT EXECUTE FUNCTION journal_in_turn();

CREATE FUNCTION facts_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(max(seq), 0) + 1 INTO NEW.seq FROM facts;
    RETURN NEW;
END $$;
CREATE TRIGGER facts_number BEFORE INSERT ON facts FOR EACH ROW EXECUTE FUNCTION facts_number();

CREATE FUNCTION facts_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('facts', '');
    RETURN NULL;
END $$;
CREATE TRIGGER facts_notify AFTER INSERT ON facts FOR EACH STATEMENT EXECUTE FUNCTION facts_notify();
"""

# The text that is hashed is what PostgreSQL prints for that jsonb array; db.audit prints the same.
_AUDIT = """
CREATE TRIGGER journal_in_turn BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION journal_in_turn();

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest record;
BEGIN
    SELECT seq, hash INTO newest FROM audit ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(newest.seq, 0) + 1;
    NEW.previous := coalesce(newest.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := sha256(NEW.previous || convert_to(jsonb_build_array(
        NEW.seq, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        NEW.action, NEW.subject, NEW.detail)::text, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""

# Writers take turns, so a turn must be short: rows wait in an inbox, and the commit itself moves them on,
# without a round trip to the client in between. No row of an inbox outlives its transaction.
_INBOXES = """
CREATE FUNCTION facts_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO facts (at, call, kind, body, teller, told)
    VALUES (NEW.at, NEW.call, NEW.kind, NEW.body, NEW.teller, NEW.told) ON CONFLICT DO NOTHING;
    DELETE FROM facts_inbox WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER facts_file AFTER INSERT ON facts_inbox
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION facts_file();

CREATE FUNCTION audit_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (at, action, subject, detail) VALUES (NEW.at, NEW.action, NEW.subject, NEW.detail);
    DELETE FROM audit_inbox WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_file AFTER INSERT ON audit_inbox
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_file();
"""


def upgrade() -> None:
    for statements in (_PAYMENTS, _APPEND_ONLY, _LEDGER, _FACTS, _AUDIT, _INBOXES):
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))
