"""What written flows were before."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_versions",
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="from 1, for each flow"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by",
            sa.Text(),
            nullable=False,
            comment="who wrote it, in words; empty: found in the flow's file",
        ),
        sa.Column("text", sa.Text(), comment="null: the flow was taken out"),
        sa.PrimaryKeyConstraint("flow", "number", name=op.f("pk_flow_versions")),
        comment="One row a change of a written flow, the newest 200 of each; calls use its file.",
    )
