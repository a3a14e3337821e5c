"""Cards that gateways keep for us, and the lines of their settlement reports."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A settlement row is what the gateway wrote. A method that is forgotten stays, without its token.
_GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION methods_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.forgotten_at IS NOT NULL THEN
        RAISE EXCEPTION 'payment method % was forgotten', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER methods_guard BEFORE UPDATE ON methods FOR EACH ROW EXECUTE FUNCTION methods_guard();
"""


def upgrade() -> None:
    op.create_table(
        "methods",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False, comment="the gateway's token; empty once forgotten"),
        sa.Column(
            "owner", sa.Text(), server_default="", nullable=False, comment="the gateway's id of the customer"
        ),
        sa.Column("reusable", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False, comment="among the customer's own payment methods"),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column(
            "fingerprint",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="keyed HMAC of the card number",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last4 ~ '^[0-9]{4}$'", name=op.f("ck_methods_last4_is_short")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_methods")),
        comment="One row a card that a gateway keeps for us: a token, one-time or reusable.",
    )
    op.create_index("ix_methods_account", "methods", ["account"], unique=False)
    op.create_table(
        "settlement_rows",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False, comment="the gateway's id of the settlement"),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("charge_ref", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=True, comment="our reference, where the report carries it"),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False, comment="to us above zero, from us below"),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("gateway", "batch", "line", name=op.f("pk_settlement_rows")),
        comment="The lines of gateways' settlement reports, as they were imported.",
    )
    op.create_index("ix_settlement_rows_ref", "settlement_rows", ["gateway", "ref"], unique=False)
    op.get_bind().exec_driver_sql(_GUARDS.replace("%", "%%"))
