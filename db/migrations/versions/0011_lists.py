"""Indexes for lists a page at a time, and what analytics adds up of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_INDEXES = (
    ("ix_calls_started_at_id", "calls", ["started_at", "id"], None),
    ("ix_calls_outcome_started_at_id", "calls", ["outcome", "started_at", "id"], None),
    ("ix_calls_number_started_at_id", "calls", ["number", "started_at", "id"], None),
    ("ix_calls_caller", "calls", ["caller"], "caller <> ''"),
    ("ix_calls_open", "calls", ["started_at", "id"], "ended_at IS NULL"),
    ("ix_attempts_at_id", "attempts", ["at", "id"], None),
    ("ix_payments_created_at_id", "payments", ["created_at", "id"], None),
    ("ix_payments_state_created_at_id", "payments", ["state", "created_at", "id"], None),
    ("ix_payments_gateway_created_at_id", "payments", ["gateway", "created_at", "id"], None),
    ("ix_payments_account_created_at_id", "payments", ["account", "created_at", "id"], None),
    ("ix_payments_last4_created_at_id", "payments", ["last4", "created_at", "id"], None),
    ("ix_ledger_transactions_at", "ledger_transactions", ["at"], None),
    ("ix_ledger_entries_account_in_turn", "ledger_entries", ["account", "transaction_id", "line"], None),
    ("ix_refunds_created_at_id", "refunds", ["created_at", "id"], None),
    ("ix_methods_live", "methods", ["created_at", "id"], "forgotten_at IS NULL"),
    ("ix_fraud_reviews_at_attempt", "fraud_reviews", ["at", "attempt"], None),
)


def upgrade() -> None:
    op.drop_index("ix_calls_started_at", "calls")
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where) if where else None)
    op.create_index("ix_facts_call_ended", "facts", ["seq"], postgresql_where=sa.text("kind = 'call_ended'"))
    op.create_table(
        "call_hours",
        sa.Column("hour", _AT, nullable=False, comment="in which the calls began"),
        sa.Column(
            "what",
            sa.Text(),
            nullable=False,
            comment="handed_over, gave_up, asked, understood, turn or calls",
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="of the prompt or question; of a turn, its milliseconds",
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "what", "name", name=op.f("pk_call_hours")),
        comment="What happened on calls that are over, counted by the hour, for analytics.",
    )
    op.create_table(
        "call_hours_upto",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, server_default="1", nullable=False),
        sa.Column(
            "seq",
            sa.BigInteger(),
            nullable=False,
            comment="calls whose end is told up to this fact are counted",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_call_hours_upto_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_hours_upto")),
        comment="How far facts were counted.",
    )
    op.execute("INSERT INTO call_hours_upto (seq) VALUES (0)")
