"""Attempts with their reasons, refunds and disputes; no more goes back than was taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TAKEN = "('capturing', 'captured', 'partially_refunded', 'refunded', 'disputed', 'charged_back')"

# What earlier releases took and gave back stands in the ledger: there were no parts of captures, and a lost
# dispute was a refund.
_BACKFILL = """
UPDATE payments AS p
   SET captured_minor = p.amount_minor,
       returned_minor = least(p.amount_minor, coalesce((
           SELECT sum(e.amount_minor) FROM ledger_transactions AS t
             JOIN ledger_entries AS e ON e.transaction_id = t.id AND e.account = 'account:' || p.account
            WHERE t.reference LIKE p.id || ':refunded:%' OR t.reference LIKE p.id || ':partially_refunded:%'
       ), 0))
 WHERE p.state IN ('captured', 'partially_refunded', 'refunded', 'disputed')
"""

_GUARD = """
CREATE OR REPLACE FUNCTION payments_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR NEW.captured_minor <> 0 OR NEW.returned_minor <> 0 THEN
            RAISE EXCEPTION 'payment % begins as pending, not as %', NEW.id, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.call, NEW.account, NEW.amount_minor, NEW.currency, NEW.key, NEW.receipt, NEW.created_at,
        NEW.attempt)
       IS DISTINCT FROM
       (OLD.id, OLD.call, OLD.account, OLD.amount_minor, OLD.currency, OLD.key, OLD.receipt, OLD.created_at,
        OLD.attempt)
    THEN
        RAISE EXCEPTION 'payment % keeps its amount, account, key and receipt', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state
       AND NOT EXISTS (SELECT 1 FROM payment_moves AS m WHERE m.old = OLD.state AND m.new = NEW.state) THEN
        RAISE EXCEPTION 'payment % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('captured', 'partially_refunded', 'refunded', 'disputed', 'charged_back')
       AND NEW.captured_minor <> OLD.captured_minor THEN
        RAISE EXCEPTION 'payment % keeps what was captured', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.returned_minor <> OLD.returned_minor AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'payment %: returned_minor follows from refunds', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

_REFUNDS = """
CREATE FUNCTION refunds_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' THEN
            RAISE EXCEPTION 'refund % begins as pending, not as %', NEW.id, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        UPDATE payments SET returned_minor = returned_minor + NEW.amount_minor
         WHERE id = NEW.payment AND currency = NEW.currency;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'refund % is in another currency than its payment', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.payment, NEW.amount_minor, NEW.currency, NEW.key, NEW.created_at) IS DISTINCT FROM
       (OLD.id, OLD.payment, OLD.amount_minor, OLD.currency, OLD.key, OLD.created_at) THEN
        RAISE EXCEPTION 'refund % keeps its payment, amount and key', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('pending', 'unknown'), ('pending', 'done'), ('pending', 'failed'),
        ('unknown', 'done'), ('unknown', 'failed')) THEN
        RAISE EXCEPTION 'refund % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'failed' AND OLD.state <> 'failed' THEN
        UPDATE payments SET returned_minor = returned_minor - NEW.amount_minor WHERE id = NEW.payment;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refunds_guard BEFORE INSERT OR UPDATE ON refunds
    FOR EACH ROW EXECUTE FUNCTION refunds_guard();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON refunds
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attempts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

_DISPUTES = """
CREATE FUNCTION disputes_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.gateway, NEW.ref, NEW.payment, NEW.amount_minor, NEW.currency, NEW.opened_at) IS DISTINCT FROM
       (OLD.gateway, OLD.ref, OLD.payment, OLD.amount_minor, OLD.currency, OLD.opened_at) THEN
        RAISE EXCEPTION 'dispute % keeps its payment and amount', OLD.ref USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stage <> OLD.stage AND OLD.stage <> 'opened' THEN
        RAISE EXCEPTION 'dispute % is over: it was %', OLD.ref, OLD.stage USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disputes_guard BEFORE UPDATE ON disputes FOR EACH ROW EXECUTE FUNCTION disputes_guard();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON disputes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    _attempts()
    _payments()
    _refunds()
    _disputes()
    for statements in (_REFUNDS, _DISPUTES):
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="idempotency key of whoever asked"),
        sa.Column("digest", sa.Text(), nullable=False, comment="what the key was first used for"),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False, comment="zero to keep a card only"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False, comment="card, stored, bank or link"),
        sa.Column(
            "fingerprint",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="keyed HMAC of the card number",
        ),
        sa.Column("risk", postgresql.JSONB(), nullable=False, comment="the verdict, its score and reasons"),
        sa.Column(
            "route", postgresql.JSONB(), nullable=False, comment="the gateways in order and the reasons"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_attempts_amount_is_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("key", name=op.f("uq_attempts_key")),
        comment="One row an attempt to pay, with what was decided about it and why; never changed.",
    )
    op.create_index("ix_attempts_account", "attempts", ["account"], unique=False)
    op.create_index("ix_attempts_call", "attempts", ["call"], unique=False)


def _payments() -> None:
    op.add_column(
        "payments",
        sa.Column("attempt", sa.Text(), nullable=True, comment="null for payments older than attempts"),
    )
    op.create_foreign_key(op.f("fk_payments_attempt"), "payments", "attempts", ["attempt"], ["id"])
    for name, comment in (
        ("captured_minor", "what was taken; while capturing, what is asked for"),
        ("returned_minor", "what was given back or is on its way back, kept by a trigger on refunds"),
    ):
        op.add_column(
            "payments",
            sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment=comment),
        )
    for statements in (_BACKFILL, _GUARD):  # in this order: the guard would refuse the other
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))
    for name, check in (
        ("no_more_is_captured", "captured_minor BETWEEN 0 AND amount_minor"),
        ("no_more_is_returned", "returned_minor BETWEEN 0 AND captured_minor"),
        ("captured_as_its_state_says", f"(captured_minor > 0) = (state IN {_TAKEN})"),
    ):
        op.create_check_constraint(op.f(f"ck_payments_{name}"), "payments", check)
    op.drop_index("ix_payments_unsettled", "payments")
    op.create_index(
        "ix_payments_unsettled",
        "payments",
        ["touched_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'unknown', 'capturing', 'voiding')"),
    )
    op.create_index("ix_payments_attempt", "payments", ["attempt"], unique=False)
    op.create_index(
        "ix_payments_ref", "payments", ["gateway", "ref"], unique=False, postgresql_where=sa.text("ref <> ''")
    )
    op.create_table_comment(
        "payments",
        "One row a charge at a gateway; at most one unsettled (pending, unknown) an account.",
        existing_comment=None,
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="idempotency key"),
        sa.Column(
            "ref", sa.Text(), server_default="", nullable=False, comment="the gateway's id of the refund"
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_is_positive")),
        sa.ForeignKeyConstraint(["payment"], ["payments.id"], name=op.f("fk_refunds_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("key", name=op.f("uq_refunds_key")),
        comment="One row a refund; all that are not failed are no more than their payment captured.",
    )
    op.create_index("ix_refunds_payment", "refunds", ["payment"], unique=False)
    op.create_index(
        "ix_refunds_open",
        "refunds",
        ["touched_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'unknown')"),
    )


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False, comment="the gateway's id of the dispute"),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False, comment="opened, won or lost"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False, comment="the bank's word for it"),
        sa.Column(
            "due_by", sa.DateTime(timezone=True), nullable=True, comment="until when evidence is taken"
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_disputes_amount_is_positive")),
        sa.CheckConstraint("stage IN ('opened', 'won', 'lost')", name=op.f("ck_disputes_stage_is_known")),
        sa.ForeignKeyConstraint(["payment"], ["payments.id"], name=op.f("fk_disputes_payment")),
        sa.PrimaryKeyConstraint("gateway", "ref", name=op.f("pk_disputes")),
        comment="One row a payment that its cardholder disputes.",
    )
    op.create_index("ix_disputes_payment", "disputes", ["payment"], unique=False)
