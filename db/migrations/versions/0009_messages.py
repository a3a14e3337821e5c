"""Messages to people, and where customers get them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _accounts()
    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="what is sent once"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column(
            "language", sa.Text(), nullable=False, server_default="", comment="empty is the line's own"
        ),
        sa.Column("account", sa.Text(), comment="the customer to whom it belongs"),
        sa.Column(
            "about", sa.Text(), nullable=False, server_default="", comment="the payment, refund or link"
        ),
        sa.Column("recipient", sa.Text(), nullable=False, server_default="", comment="empty once sealed"),
        sa.Column("recipient_index", sa.LargeBinary(), comment="keyed HMAC of `recipient`"),
        sa.Column("recipient_sealed", sa.LargeBinary()),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="JSON; empty once sealed",
        ),
        sa.Column("content_sealed", sa.LargeBinary(), comment="null once forgotten"),
        sa.Column("subject", sa.Text(), comment="whose data key seals it"),
        sa.Column("state", sa.Text(), nullable=False, server_default="queued"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("sender", sa.Text(), nullable=False, server_default=""),
        sa.Column(
            "refs",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            server_default="{}",
            comment="the sender's names for it",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=False, server_default="", comment="of the last failure, in words"
        ),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("next_at", _AT, comment="when it is tried again, about"),
        sa.Column("sent_at", _AT),
        sa.Column("done_at", _AT),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'delivered', 'failed')", name=op.f("ck_messages_state_is_known")
        ),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("ck_messages_channel_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
        comment="One row a message to a person, and how far it got.",
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at", "id"])
    op.create_index("ix_messages_state", "messages", ["state", "created_at", "id"])
    op.create_index("ix_messages_about", "messages", ["about"], postgresql_where=sa.text("about <> ''"))
    op.create_index("ix_messages_recipient_index", "messages", ["recipient_index"])
    op.create_index(
        "ix_messages_refs",
        "messages",
        ["refs"],
        postgresql_using="gin",
        postgresql_where=sa.text("refs <> '{}'"),
    )


def _accounts() -> None:
    op.add_column(
        "accounts",
        sa.Column(
            "email",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="where receipts go; empty once sealed",
        ),
    )
    op.add_column("accounts", sa.Column("email_sealed", sa.LargeBinary()))
    op.add_column(
        "accounts",
        sa.Column(
            "phone",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="E.164, for text messages; the same",
        ),
    )
    op.add_column("accounts", sa.Column("phone_sealed", sa.LargeBinary()))
    op.add_column(
        "accounts",
        sa.Column(
            "language", sa.Text(), nullable=False, server_default="", comment="empty is the line's own"
        ),
    )
