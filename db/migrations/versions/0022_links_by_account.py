"""An account's payment links are found without going through all."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_links_account", "payment_links", ["account", "created_at", "id"])
