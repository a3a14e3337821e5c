"""The table of data keys."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, LargeBinary, Table, Text

from db.tables import metadata

_AT = DateTime(timezone=True)

data_keys = Table(
    "data_keys",
    metadata,
    Column("subject", Text, primary_key=True, comment="the account, or the caller, whose key it is"),
    Column("wrapped", LargeBinary, comment="the key, wrapped by the master key; gone once it is destroyed"),
    Column("master", Text, nullable=False, comment="the master key's name"),
    Column("created_at", _AT, nullable=False),
    Column("destroyed_at", _AT),
    CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_is_gone"),
    Index("ix_data_keys_master", "master"),
    comment="One key a person: what is sealed with it is gone when the key is.",
)
