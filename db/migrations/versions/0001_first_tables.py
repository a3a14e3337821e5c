"""The first tables: calls, accounts, payments, ledger, facts, audit, leases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _calls()
    _accounts()
    _payments()
    _ledger()
    _journal()
    _node()


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="the line's own number"),
        sa.Column("caller", sa.Text(), nullable=False, comment="E.164, or empty when withheld"),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False, comment="the controller that held the call"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        comment="One row a telephone call.",
    )
    op.create_index(
        "ix_calls_node_open", "calls", ["node"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("ix_calls_started_at", "calls", ["started_at"], unique=False)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="what the caller keys in"),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False, comment="ISO 4217; an account has one"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_accounts_currency_is_a_code")),
        sa.CheckConstraint("number ~ '^[0-9]{1,20}$'", name=op.f("ck_accounts_number_is_digits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("number", name=op.f("uq_accounts_number")),
        comment="One row a customer's account; what it owes is its balance in the ledger.",
    )
    op.create_table(
        "account_callers",
        sa.Column("caller", sa.Text(), nullable=False, comment="E.164"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_account_callers_account")),
        sa.PrimaryKeyConstraint("caller", "account", name=op.f("pk_account_callers")),
        comment="The telephone numbers that an account is known by.",
    )
    op.create_index("ix_account_callers_account", "account_callers", ["account"], unique=False)
    op.create_table(
        "bills",
        sa.Column("reference", sa.Text(), nullable=False, comment="the invoice's own reference"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_bills_amount_is_positive")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_bills_account")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_bills")),
        comment="One row an invoice that was imported.",
    )
    op.create_index("ix_bills_account", "bills", ["account"], unique=False)


def _payments() -> None:
    op.create_table(
        "payment_moves",
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("old", "new", name=op.f("pk_payment_moves")),
        comment="The moves of payments.session.TRANSITIONS; written anew by each migration.",
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="idempotency key"),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False, comment="the code that the caller hears"),
        sa.Column(
            "ref", sa.Text(), server_default="", nullable=False, comment="the gateway's id of the charge"
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last4 ~ '^([0-9]{4})?$'", name=op.f("ck_payments_last4_is_short")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payments_amount_is_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("key", name=op.f("uq_payments_key")),
        comment="One row an attempt to take money; at most one unsettled (pending, unknown) an account.",
    )
    op.create_index("ix_payments_call", "payments", ["call"], unique=False)
    op.create_index(
        "ix_payments_unsettled",
        "payments",
        ["touched_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'unknown')"),
    )
    op.create_index(
        "uq_payments_receipt", "payments", ["receipt"], unique=True, postgresql_where=sa.text("receipt <> ''")
    )
    op.create_index(
        "uq_payments_unsettled_account",
        "payments",
        ["account"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'unknown')"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="what was posted; never twice"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("reference", name=op.f("uq_ledger_transactions_reference")),
        comment="Double entry, append-only: one row a posting.",
    )
    op.create_table(
        "ledger_entries",
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False, comment="debit above zero, credit below"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_entries_amount_is_not_zero")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_entries_transaction_id")
        ),
        sa.PrimaryKeyConstraint("transaction_id", "line", name=op.f("pk_ledger_entries")),
        comment="The lines of a posting; they sum to zero in each currency, or the commit fails.",
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account", "currency"], unique=False)
    op.create_table(
        "ledger_balances",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "currency", name=op.f("pk_ledger_balances")),
        comment="What customers owe: the sum of their ledger entries, kept by a trigger.",
    )


def _journal() -> None:
    op.create_table(
        "facts",
        sa.Column(
            "seq",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            server_default=sa.text("0"),
            comment="given by a trigger, without gaps, in the order of commits",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("teller", sa.Text(), nullable=False, comment="who told it, anew at each start"),
        sa.Column("told", sa.BigInteger(), nullable=False, comment="its number among what that teller told"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_facts")),
        comment="What happened in calls and to payments: timeline and outbox. NOTIFY facts on insert.",
    )
    op.create_index("ix_facts_call_seq", "facts", ["call", "seq"], unique=False)
    op.create_index("uq_facts_teller_told", "facts", ["teller", "told"], unique=True)
    op.create_table(
        "audit",
        sa.Column(
            "seq",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            server_default=sa.text("0"),
            comment="given by a trigger, without gaps, in the order of commits",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column(
            "previous",
            sa.LargeBinary(),
            nullable=False,
            server_default="",
            comment="SHA-256 of the row before",
        ),
        sa.Column(
            "hash",
            sa.LargeBinary(),
            nullable=False,
            server_default="",
            comment="SHA-256 of `previous` and this row",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        comment="Append-only chain: a row that was changed, removed or moved is found by `verify`.",
    )
    op.create_table(
        "facts_inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("teller", sa.Text(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts_inbox")),
        comment="Facts on their way: the commit moves them to `facts`.",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "audit_inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_inbox")),
        comment="Audit rows on their way: the commit moves them to `audit`.",
        prefixes=["UNLOGGED"],
    )


def _node() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "term", sa.BigInteger(), nullable=False, comment="grows each time that the lease changes hands"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        comment="Who may do what only one node at a time does.",
    )
    op.create_table(
        "jobs_schema",
        sa.Column("step", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_jobs_schema")),
        comment="Which of procrastinate's own schema steps this database has.",
    )
