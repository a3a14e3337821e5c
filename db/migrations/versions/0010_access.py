"""Users, their factors, who is signed in, and keys of programs; the audit log is found by subject."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _users()
    _user_totp()
    _recovery_codes()
    _passkeys()
    _sign_ins()
    _sign_in_tries()
    _api_keys()
    op.create_index("ix_audit_subject", "audit", ["subject", "seq"])


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, comment="in small letters"),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("password", sa.Text(), nullable=True, comment="argon2id (PHC string); null lets nobody in"),
        sa.Column(
            "password_until",
            _AT,
            nullable=True,
            comment="when a one-time password ends; null for one of the user's own",
        ),
        sa.Column(
            "locked_at", _AT, nullable=True, comment="by an admin; wrong tries are counted in sign_in_tries"
        ),
        sa.Column("removed_at", _AT, nullable=True, comment="the row stays: the audit log names its id"),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows with each change",
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_is_small")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        comment="One row a person who signs in.",
    )
    op.create_index(
        "uq_users_email", "users", ["email"], unique=True, postgresql_where=sa.text("removed_at IS NULL")
    )


def _user_totp() -> None:
    op.create_table(
        "user_totp",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="the secret, under the user's data key"
        ),
        sa.Column("confirmed_at", _AT, nullable=True, comment="null until the first code was right"),
        sa.Column(
            "step",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="the last that was used",
        ),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_user_totp_user")),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_user_totp")),
        comment="One row a user with one-time codes from an app (RFC 6238).",
    )


def _recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="keyed HMAC of user and code"),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_recovery_codes_user")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_codes")),
        comment="Codes for whoever has lost the app; each works once.",
    )
    op.create_index("ix_recovery_codes_user", "recovery_codes", ["user"], unique=False)


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Text(), nullable=False, comment="the credential's id, base64url"),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="COSE"),
        sa.Column(
            "counter", sa.BigInteger(), nullable=False, comment="how often it signed, as it says itself"
        ),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_passkeys_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        comment="Security keys and platform authenticators (WebAuthn).",
    )
    op.create_index("ix_passkeys_user", "passkeys", ["user"], unique=False)


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column(
            "whole", sa.Boolean(), nullable=False, comment="false while the second factor is waited for"
        ),
        sa.Column("factor", sa.Text(), nullable=False, comment="none, totp, recovery or webauthn"),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.Column("until", _AT, nullable=False, comment="it ends then, however busy"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False, comment="what the browser calls itself"),
        sa.Column("challenge", sa.LargeBinary(), nullable=True, comment="of WebAuthn; used once"),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sign_ins_user")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sign_ins")),
        comment="One row a browser that is signed in.",
    )
    op.create_index("ix_sign_ins_until", "sign_ins", ["until"], unique=False)
    op.create_index("ix_sign_ins_user", "sign_ins", ["user"], unique=False)


def _sign_in_tries() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("subject", sa.LargeBinary(), nullable=False, comment="keyed HMAC of the e-mail address"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("locked_until", _AT, nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_tries")),
        comment="Wrong passwords and codes, also for addresses that nobody has.",
    )
    op.create_index("ix_sign_in_tries_since", "sign_in_tries", ["since"], unique=False)


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="keyed HMAC of the key"),
        sa.Column("start", sa.Text(), nullable=False, comment="its first characters, to be told from others"),
        sa.Column("was_hash", sa.LargeBinary(), nullable=True, comment="the key before a rotation"),
        sa.Column("was_until", _AT, nullable=True, comment="how long that one is still taken"),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=True),
        sa.Column("used_at", _AT, nullable=True, comment="to the minute"),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
        sa.UniqueConstraint("was_hash", name=op.f("uq_api_keys_was_hash")),
        comment="One row a program that may ask.",
    )
