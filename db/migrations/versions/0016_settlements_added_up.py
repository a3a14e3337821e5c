"""Settlements stand in a table of their own, as sums of their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "settlements",
        sa.Column("gateway", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False, comment="the gateway's id of the settlement"),
        sa.Column("name", sa.Text, sa.Computed("gateway || ' ' || batch", persisted=True), nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("first_at", _AT, nullable=False),
        sa.Column("last_at", _AT, nullable=False),
        sa.Column("imported_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("gateway", "batch", name="pk_settlements"),
        comment="Gateways' settlements, as sums of their `settlement_rows`: lists need not add them up.",
    )
    op.create_index("ix_settlements_last_at_name", "settlements", ["last_at", "name"])
    op.execute("""
        INSERT INTO settlements (gateway, batch, lines, first_at, last_at, imported_at)
        SELECT gateway, batch, count(*), min(at), max(at), max(imported_at)
          FROM settlement_rows GROUP BY gateway, batch
    """)
