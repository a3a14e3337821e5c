"""The table of payment links."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, LargeBinary, Table, Text, text

from db.tables import metadata

_AT = DateTime(timezone=True)

payment_links = Table(
    "payment_links",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "token_hash", LargeBinary, nullable=False, unique=True, comment="SHA-256 of what stands in the URL"
    ),
    Column("account", Text, nullable=False),
    Column("call", Text, comment="the call that offered it"),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("created_at", _AT, nullable=False),
    Column("expires_at", _AT, nullable=False),
    Column("sent_at", _AT),
    Column("opened_at", _AT),
    Column("paid_at", _AT),
    Column("expired_at", _AT, comment="when it was noticed that nobody paid in time"),
    Column("cancelled_at", _AT),
    Column("payment", Text, comment="the attempt that pays it: one at a time"),
    Column("page", Text, nullable=False, server_default="", comment="the gateway's own page, once made"),
    CheckConstraint("amount_minor > 0", name="amount_is_positive"),
    CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
    Index("ix_payment_links_created_at", "created_at"),
    Index("ix_payment_links_account", "account", "created_at", "id"),
    Index("uq_payment_links_payment", "payment", unique=True, postgresql_where=text("payment IS NOT NULL")),
    comment="One row a link that a payer may open; its token is kept as a hash alone.",
)
