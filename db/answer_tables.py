"""The table of answers that are given again to the same question."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, SmallInteger, Table, Text

from db.tables import AT, metadata

api_answers = Table(
    "api_answers",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="SHA-256 of who asked and their Idempotency-Key"),
    Column("digest", LargeBinary, nullable=False, comment="SHA-256 of method, path and body"),
    Column("asked_at", AT, nullable=False),
    Column("until", AT, nullable=False, comment="then the key is free again"),
    Column("status", SmallInteger, comment="null while it is being answered"),
    Column("kind", Text, nullable=False, server_default="", comment="the media type of the answer"),
    Column("sealed", LargeBinary, comment="the answer, under a key drawn from the Idempotency-Key"),
    CheckConstraint("(status IS NULL) = (sealed IS NULL)", name="answered_or_not"),
    Index("ix_api_answers_until", "until"),
    comment="Answers to POSTs with an Idempotency-Key, for a day.",
)
