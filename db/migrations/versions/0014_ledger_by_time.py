"""The ledger's transactions of a period are found by their numbers."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_ledger_transactions_at", "ledger_transactions")
    op.create_index("ix_ledger_transactions_at_id", "ledger_transactions", ["at", "id"])
