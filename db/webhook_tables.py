"""The tables of webhooks, out and in."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables import metadata

_AT = DateTime(timezone=True)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False, comment="empty for `callbacks`, whose messages have their own"),
    Column("topics", ARRAY(Text), nullable=False),
    Column("secret", Text, nullable=False, comment="whsec_..., shared with the receiver"),
    Column("was_secret", Text, nullable=False, server_default=""),
    Column("was_until", _AT, comment="until when messages are also signed with the older secret"),
    Column("created_at", _AT, nullable=False),
    Column("disabled_at", _AT),
    Column("disabled_why", Text, nullable=False, server_default=""),
    comment="Who is told of events: one row a URL.",
)

webhook_events = Table(
    "webhook_events",
    metadata,
    Column("id", Text, primary_key=True, comment="the header webhook-id"),
    Column("key", Text, nullable=False, unique=True, comment="what is told once"),
    Column("topic", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("at", _AT, nullable=False),
    comment="What happened, as it is told; how far it got stands in webhook_deliveries.",
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("event", Text, ForeignKey(webhook_events.c.id), nullable=False),
    Column("endpoint", Text, ForeignKey(webhook_endpoints.c.id), nullable=False),
    Column("url", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("answer", Text, nullable=False, server_default="", comment="of the last attempt, in words"),
    Column("created_at", _AT, nullable=False),
    Column("next_at", _AT, comment="when it is tried again, about"),
    Column("done_at", _AT),
    CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name="state_is_known"),
    Index("ix_webhook_deliveries_created_at", "created_at"),
    Index("ix_webhook_deliveries_event", "event"),
    Index("ix_webhook_deliveries_dead", "endpoint", postgresql_where=text("state = 'dead'")),
    comment="One row an event and endpoint, and one more each time that it is sent again.",
)

webhook_relay = Table(
    "webhook_relay",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, server_default="1"),
    Column("seq", BigInteger, nullable=False, comment="facts up to this one were made events"),
    CheckConstraint("id = 1", name="one_row"),
    comment="How far facts were made into events.",
)

webhook_inbox = Table(
    "webhook_inbox",
    metadata,
    Column("gateway", Text, nullable=False),
    Column("id", Text, nullable=False, comment="the gateway's id of the event"),
    Column("at", _AT, nullable=False, comment="when it happened, as the gateway says"),
    Column("news", JSONB, nullable=False, comment="payments.notice.News"),
    Column("received_at", _AT, nullable=False),
    Column("applied_at", _AT),
    PrimaryKeyConstraint("gateway", "id"),
    Index("ix_webhook_inbox_waiting", "received_at", postgresql_where=text("applied_at IS NULL")),
    comment="What gateways told us, verified; each event once.",
)
