"""The table of messages to people."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import metadata

_AT = DateTime(timezone=True)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="what is sent once"),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="", comment="empty is the line's own"),
    Column("account", Text, comment="the customer to whom it belongs"),
    Column("about", Text, nullable=False, server_default="", comment="the payment, refund or link"),
    Column("recipient", Text, nullable=False, server_default="", comment="empty once sealed"),
    Column("recipient_index", LargeBinary, comment="keyed HMAC of `recipient`"),
    Column("recipient_sealed", LargeBinary),
    Column("content", Text, nullable=False, server_default="", comment="JSON; empty once sealed"),
    Column("content_sealed", LargeBinary, comment="null once forgotten"),
    Column("subject", Text, comment="whose data key seals it"),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("sender", Text, nullable=False, server_default=""),
    Column("refs", ARRAY(Text), nullable=False, server_default="{}", comment="the sender's names for it"),
    Column("reason", Text, nullable=False, server_default="", comment="of the last failure, in words"),
    Column("created_at", _AT, nullable=False),
    Column("next_at", _AT, comment="when it is tried again, about"),
    Column("sent_at", _AT),
    Column("done_at", _AT),
    CheckConstraint("state IN ('queued', 'sent', 'delivered', 'failed')", name="state_is_known"),
    CheckConstraint("channel IN ('email', 'sms')", name="channel_is_known"),
    Index("ix_messages_created_at", "created_at", "id"),
    Index("ix_messages_state", "state", "created_at", "id"),
    Index("ix_messages_kind", "kind", "created_at", "id"),
    Index("ix_messages_about", "about", postgresql_where=text("about <> ''")),
    Index("ix_messages_recipient_index", "recipient_index"),
    Index("ix_messages_refs", "refs", postgresql_using="gin", postgresql_where=text("refs <> '{}'")),
    comment="One row a message to a person, and how far it got.",
)
