"""What routing learns from, and what the fraud screen counts, lists, asks people about and sends."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _routing()
    _sightings()
    _cases()


def _routing() -> None:
    op.create_table(
        "routing_observations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("node", sa.Text(), nullable=False, comment="the controller that asked the gateway"),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False, comment="good, refused (by the bank) or broken"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("took_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_observations")),
        comment="One row an answer of a gateway: what routing learns from. Kept for 30 days.",
    )
    op.create_index(
        "ix_routing_observations_written_at", "routing_observations", ["written_at"], unique=False
    )


def _sightings() -> None:
    op.create_table(
        "fraud_sightings",
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="card, caller, account or address"),
        sa.Column("hash", sa.Text(), nullable=False, comment="keyed HMAC, 32 hex digits"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False, comment="in major units, to be compared only"),
        sa.Column("partner", sa.Text(), nullable=False, comment="the card's hash; of a card, the account's"),
        sa.Column("declined", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("attempt", "kind", name=op.f("pk_fraud_sightings")),
        comment="Where velocities are counted: one row a purchase and mark. Kept for 8 days.",
    )
    op.create_index("ix_fraud_sightings_at", "fraud_sightings", ["at"], unique=False)
    op.create_index("ix_fraud_sightings_hash", "fraud_sightings", ["hash", "kind", "at"], unique=False)


def _cases() -> None:
    op.create_table(
        "fraud_codes",
        sa.Column("subject", sa.Text(), nullable=False, comment="what the code is for"),
        sa.Column("to", sa.Text(), nullable=False, comment="keyed HMAC of the number"),
        sa.Column("hash", sa.Text(), nullable=False, comment="keyed HMAC of the code"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False, comment="how many are left"),
        sa.Column(
            "sent", sa.SmallInteger(), server_default="1", nullable=False, comment="codes sent for it so far"
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_fraud_codes")),
        comment="One-time codes that were sent by text message.",
    )
    op.create_index("ix_fraud_codes_to", "fraud_codes", ["to", "at"], unique=False)
    op.create_table(
        "fraud_lists",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False, comment="keyed HMAC, 32 hex digits"),
        sa.Column("allow", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "hash", name=op.f("pk_fraud_lists")),
        comment="What always passes the fraud screen, and what never does.",
    )
    op.create_table(
        "fraud_reviews",
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column(
            "marks", postgresql.JSONB(), nullable=False, comment="kind and keyed HMAC of what it is known by"
        ),
        sa.Column("standing", sa.Text(), server_default="open", nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("last4 ~ '^([0-9]{4})?$'", name=op.f("ck_fraud_reviews_last4_is_short")),
        sa.CheckConstraint(
            "standing IN ('open', 'approved', 'refused')", name=op.f("ck_fraud_reviews_standing_is_known")
        ),
        sa.PrimaryKeyConstraint("attempt", name=op.f("pk_fraud_reviews")),
        comment="Purchases that wait for a person, and what was decided; nothing was charged.",
    )
    op.create_index(
        "ix_fraud_reviews_open",
        "fraud_reviews",
        ["at"],
        unique=False,
        postgresql_where=sa.text("standing = 'open'"),
    )
