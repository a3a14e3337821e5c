"""The audit log is found by action, by whom and by time; what gateways did lately, by time."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_action", "audit", ["action", "seq"])
    op.create_index("ix_audit_by", "audit", [sa.text("(detail ->> 'by')"), "seq"])
    op.create_index("ix_audit_at", "audit", ["at", "seq"])
    op.create_index("ix_routing_observations_at", "routing_observations", ["at"])
    op.create_index(
        "ix_settlement_rows_charged", "settlement_rows", ["at"], postgresql_where=sa.text("kind = 'charge'")
    )
