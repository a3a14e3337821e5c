"""Callers' requests: to be called back, to have a charge looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "caller_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="as callers hear it"
        ),
        sa.Column("about", sa.Text(), nullable=False, comment="call_back or dispute"),
        sa.Column("call", sa.Text(), nullable=False, comment="the call in which it was made"),
        sa.Column(
            "caller", sa.Text(), server_default="", nullable=False, comment="whom to call; empty once sealed"
        ),
        sa.Column("caller_index", sa.LargeBinary(), comment="keyed HMAC of `caller`"),
        sa.Column("caller_sealed", sa.LargeBinary()),
        sa.Column("account", sa.Text()),
        sa.Column("detail", sa.Text(), server_default="", nullable=False, comment="what is wrong, in a word"),
        sa.Column("day", sa.Date(), comment="when they want to be called"),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("done_at", _AT, comment="when a person had seen to it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_caller_requests_number")),
        comment="One row a thing that a caller wants of people: a call back, a charge to be looked at.",
    )
    op.create_index("ix_caller_requests_made_at", "caller_requests", ["made_at"])
    op.create_index("ix_caller_requests_caller_index", "caller_requests", ["caller_index"])
    op.create_index(
        "ix_caller_requests_waiting",
        "caller_requests",
        ["number"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
