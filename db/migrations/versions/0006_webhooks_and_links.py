"""Webhooks out and in, and payment links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)

# What was told before there were webhooks is not told now.
_BEGIN = "INSERT INTO webhook_relay (id, seq) SELECT 1, coalesce(max(seq), 0) FROM facts"


def upgrade() -> None:
    _out()
    _in()
    _links()
    op.execute(_BEGIN)


def _out() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "url",
            sa.Text(),
            nullable=False,
            comment="empty for `callbacks`, whose messages have their own",
        ),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False, comment="whsec_..., shared with the receiver"),
        sa.Column("was_secret", sa.Text(), nullable=False, server_default=""),
        sa.Column("was_until", _AT, comment="until when messages are also signed with the older secret"),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("disabled_at", _AT),
        sa.Column("disabled_why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        comment="Who is told of events: one row a URL.",
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Text(), nullable=False, comment="the header webhook-id"),
        sa.Column("key", sa.Text(), nullable=False, comment="what is told once"),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_events_key")),
        comment="What happened, as it is told; how far it got stands in webhook_deliveries.",
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column(
            "answer", sa.Text(), nullable=False, server_default="", comment="of the last attempt, in words"
        ),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("next_at", _AT, comment="when it is tried again, about"),
        sa.Column("done_at", _AT),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'dead')", name=op.f("ck_webhook_deliveries_state_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.ForeignKeyConstraint(
            ["event"], ["webhook_events.id"], name=op.f("fk_webhook_deliveries_event_webhook_events")
        ),
        sa.ForeignKeyConstraint(
            ["endpoint"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_webhook_endpoints"),
        ),
        comment="One row an event and endpoint, and one more each time that it is sent again.",
    )
    op.create_index("ix_webhook_deliveries_created_at", "webhook_deliveries", ["created_at"])
    op.create_index("ix_webhook_deliveries_event", "webhook_deliveries", ["event"])
    op.create_index(
        "ix_webhook_deliveries_dead",
        "webhook_deliveries",
        ["endpoint"],
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_table(
        "webhook_relay",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False, server_default="1"),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="facts up to this one were made events"),
        sa.CheckConstraint("id = 1", name=op.f("ck_webhook_relay_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_relay")),
        comment="How far facts were made into events.",
    )


def _in() -> None:
    op.create_table(
        "webhook_inbox",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False, comment="the gateway's id of the event"),
        sa.Column("at", _AT, nullable=False, comment="when it happened, as the gateway says"),
        sa.Column("news", postgresql.JSONB(), nullable=False, comment="payments.notice.News"),
        sa.Column("received_at", _AT, nullable=False),
        sa.Column("applied_at", _AT),
        sa.PrimaryKeyConstraint("gateway", "id", name=op.f("pk_webhook_inbox")),
        comment="What gateways told us, verified; each event once.",
    )
    op.create_index(
        "ix_webhook_inbox_waiting",
        "webhook_inbox",
        ["received_at"],
        postgresql_where=sa.text("applied_at IS NULL"),
    )


def _links() -> None:
    op.create_table(
        "payment_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of what stands in the URL"
        ),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), comment="the call that offered it"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("sent_at", _AT),
        sa.Column("opened_at", _AT),
        sa.Column("paid_at", _AT),
        sa.Column("expired_at", _AT, comment="when it was noticed that nobody paid in time"),
        sa.Column("cancelled_at", _AT),
        sa.Column("payment", sa.Text(), comment="the attempt that pays it: one at a time"),
        sa.Column(
            "page", sa.Text(), nullable=False, server_default="", comment="the gateway's own page, once made"
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_links_amount_is_positive")),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_payment_links_token_hash_is_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_payment_links_token_hash")),
        comment="One row a link that a payer may open; its token is kept as a hash alone.",
    )
    op.create_index("ix_payment_links_created_at", "payment_links", ["created_at"])
    op.create_index(
        "uq_payment_links_payment",
        "payment_links",
        ["payment"],
        unique=True,
        postgresql_where=sa.text("payment IS NOT NULL"),
    )
