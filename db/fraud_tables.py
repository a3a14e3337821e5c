"""The tables of routing and of the fraud screen."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import AT, metadata

_HASH = "keyed HMAC, 32 hex digits"

routing_observations = Table(
    "routing_observations",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("node", Text, nullable=False, comment="the controller that asked the gateway"),
    Column("written_at", AT, nullable=False, server_default=func.clock_timestamp()),
    Column("at", AT, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("result", Text, nullable=False, comment="good, refused (by the bank) or broken"),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("took_s", Float, nullable=False),
    Index("ix_routing_observations_written_at", "written_at"),
    Index("ix_routing_observations_at", "at"),
    comment="One row an answer of a gateway: what routing learns from. Kept for 30 days.",
)

fraud_sightings = Table(
    "fraud_sightings",
    metadata,
    Column("attempt", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="card, caller, account or address"),
    Column("hash", Text, nullable=False, comment=_HASH),
    Column("at", AT, nullable=False),
    Column("amount", Float, nullable=False, comment="in major units, to be compared only"),
    Column("partner", Text, nullable=False, comment="the card's hash; of a card, the account's"),
    Column("declined", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("attempt", "kind"),
    Index("ix_fraud_sightings_hash", "hash", "kind", "at"),
    Index("ix_fraud_sightings_at", "at"),
    comment="Where velocities are counted: one row a purchase and mark. Kept for 8 days.",
)

fraud_lists = Table(
    "fraud_lists",
    metadata,
    Column("kind", Text, nullable=False),
    Column("hash", Text, nullable=False, comment=_HASH),
    Column("allow", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("at", AT, nullable=False),
    Column("until", AT),
    PrimaryKeyConstraint("kind", "hash"),
    comment="What always passes the fraud screen, and what never does.",
)

fraud_reviews = Table(
    "fraud_reviews",
    metadata,
    Column("attempt", Text, primary_key=True),
    Column("at", AT, nullable=False),
    Column("account", Text, nullable=False),
    Column("call", Text),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("last4", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("model", Text, nullable=False),
    Column("marks", JSONB, nullable=False, comment="kind and keyed HMAC of what it is known by"),
    Column("standing", Text, nullable=False, server_default="open"),
    Column("decided_by", Text, nullable=False, server_default=""),
    Column("decided_at", AT),
    Column("note", Text, nullable=False, server_default=""),
    CheckConstraint("last4 ~ '^([0-9]{4})?$'", name="last4_is_short"),
    CheckConstraint("standing IN ('open', 'approved', 'refused')", name="standing_is_known"),
    Index("ix_fraud_reviews_open", "at", postgresql_where=text("standing = 'open'")),
    Index("ix_fraud_reviews_at_attempt", "at", "attempt"),
    comment="Purchases that wait for a person, and what was decided; nothing was charged.",
)

fraud_codes = Table(
    "fraud_codes",
    metadata,
    Column("subject", Text, primary_key=True, comment="what the code is for"),
    Column("to", Text, nullable=False, comment="keyed HMAC of the number"),
    Column("hash", Text, nullable=False, comment="keyed HMAC of the code"),
    Column("at", AT, nullable=False),
    Column("until", AT, nullable=False),
    Column("tries", SmallInteger, nullable=False, comment="how many are left"),
    Column("sent", SmallInteger, nullable=False, server_default="1", comment="codes sent for it so far"),
    Index("ix_fraud_codes_to", "to", "at"),
    comment="One-time codes that were sent by text message.",
)
