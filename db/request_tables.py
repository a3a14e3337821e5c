"""The table of callers' requests."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, LargeBinary, Table, Text, text

from db.tables import metadata

_AT = DateTime(timezone=True)

caller_requests = Table(
    "caller_requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "number", BigInteger, Identity(always=True), nullable=False, unique=True, comment="as callers hear it"
    ),
    Column("about", Text, nullable=False, comment="call_back or dispute"),
    Column("call", Text, nullable=False, comment="the call in which it was made"),
    Column("caller", Text, nullable=False, server_default="", comment="whom to call; empty once sealed"),
    Column("caller_index", LargeBinary, comment="keyed HMAC of `caller`"),
    Column("caller_sealed", LargeBinary),
    Column("account", Text),
    Column("detail", Text, nullable=False, server_default="", comment="what is wrong, in a word"),
    Column("day", Date, comment="when they want to be called"),
    Column("made_at", _AT, nullable=False),
    Column("done_at", _AT, comment="when a person had seen to it"),
    Index("ix_caller_requests_made_at", "made_at"),
    Index("ix_caller_requests_caller_index", "caller_index"),
    Index("ix_caller_requests_waiting", "number", postgresql_where=text("done_at IS NULL")),
    comment="One row a thing that a caller wants of people: a call back, a charge to be looked at.",
)
