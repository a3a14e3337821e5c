"""Disputes keep what was said to them: evidence, or that we gave in."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, about in (
        ("answer", "what we said to it: evidence or accepted"),
        ("answer_key", "idempotency key"),
        ("answer_digest", "tells one text of evidence from another"),
        ("answer_state", "pending, unknown, done or refused"),
    ):
        op.add_column("disputes", sa.Column(name, sa.Text(), comment=about))
    op.add_column("disputes", sa.Column("answer_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("disputes", sa.Column("answered_at", sa.DateTime(timezone=True)))
