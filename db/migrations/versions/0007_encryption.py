"""Names, telephone numbers and account numbers sealed; rows that stand there are sealed by `keys protect`."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="the account, or the caller, whose key it is"
        ),
        sa.Column(
            "wrapped",
            sa.LargeBinary(),
            comment="the key, wrapped by the master key; gone once it is destroyed",
        ),
        sa.Column("master", sa.Text(), nullable=False, comment="the master key's name"),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("destroyed_at", _AT),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_data_keys_destroyed_is_gone")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_data_keys")),
        comment="One key a person: what is sealed with it is gone when the key is.",
    )
    op.create_index("ix_data_keys_master", "data_keys", ["master"])
    _accounts()
    _callers()
    _calls()


def _accounts() -> None:
    op.alter_column(
        "accounts",
        "number",
        nullable=True,
        comment="what the caller keys in; null once sealed",
        existing_comment="what the caller keys in",
    )
    op.add_column("accounts", sa.Column("number_index", sa.LargeBinary(), comment="keyed HMAC of `number`"))
    op.add_column("accounts", sa.Column("number_sealed", sa.LargeBinary()))
    op.add_column("accounts", sa.Column("name_sealed", sa.LargeBinary()))
    op.create_unique_constraint(op.f("uq_accounts_number_index"), "accounts", ["number_index"])


def _callers() -> None:
    op.drop_constraint("pk_account_callers", "account_callers", type_="primary")
    op.alter_column(
        "account_callers",
        "caller",
        nullable=True,
        comment="E.164; null once sealed",
        existing_comment="E.164",
    )
    op.add_column(
        "account_callers", sa.Column("caller_index", sa.LargeBinary(), comment="keyed HMAC of `caller`")
    )
    op.add_column("account_callers", sa.Column("caller_sealed", sa.LargeBinary()))
    op.create_unique_constraint(
        op.f("uq_account_callers_caller_account"), "account_callers", ["caller", "account"]
    )
    op.create_unique_constraint(
        op.f("uq_account_callers_caller_index_account"), "account_callers", ["caller_index", "account"]
    )


def _calls() -> None:
    op.add_column("calls", sa.Column("caller_index", sa.LargeBinary(), comment="keyed HMAC of `caller`"))
    op.add_column("calls", sa.Column("caller_sealed", sa.LargeBinary()))
    op.alter_column(
        "calls",
        "caller",
        comment="E.164, or empty when withheld or sealed",
        existing_comment="E.164, or empty when withheld",
    )
    op.create_index("ix_calls_caller_index", "calls", ["caller_index"])
