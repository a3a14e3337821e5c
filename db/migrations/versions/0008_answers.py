"""Answers of the API that are given again to the same Idempotency-Key."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_answers",
        sa.Column(
            "key",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of who asked and their Idempotency-Key",
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="SHA-256 of method, path and body"),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("until", _AT, nullable=False, comment="then the key is free again"),
        sa.Column("status", sa.SmallInteger(), comment="null while it is being answered"),
        sa.Column(
            "kind", sa.Text(), nullable=False, server_default="", comment="the media type of the answer"
        ),
        sa.Column(
            "sealed", sa.LargeBinary(), comment="the answer, under a key drawn from the Idempotency-Key"
        ),
        sa.CheckConstraint(
            "(status IS NULL) = (sealed IS NULL)", name=op.f("ck_api_answers_answered_or_not")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_api_answers")),
        comment="Answers to POSTs with an Idempotency-Key, for a day.",
    )
    op.create_index("ix_api_answers_until", "api_answers", ["until"])
