"""The tables of who may do what: users, their factors, who is signed in, and keys for programs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import AT, metadata

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, comment="in small letters"),
    Column("name", Text, nullable=False, server_default=""),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="en"),
    Column("password", Text, comment="argon2id (PHC string); null lets nobody in"),
    Column("password_until", AT, comment="when a one-time password ends; null for one of the user's own"),
    Column("locked_at", AT, comment="by an admin; wrong tries are counted in sign_in_tries"),
    Column("removed_at", AT, comment="the row stays: the audit log names its id"),
    Column("created_at", AT, nullable=False),
    Column("version", BigInteger, nullable=False, server_default=text("1"), comment="grows with each change"),
    CheckConstraint("email = lower(email)", name="email_is_small"),
    Index("uq_users_email", "email", unique=True, postgresql_where=text("removed_at IS NULL")),
    comment="One row a person who signs in.",
)

user_totp = Table(
    "user_totp",
    metadata,
    Column("user", Text, ForeignKey(users.c.id), primary_key=True),
    Column("sealed", LargeBinary, nullable=False, comment="the secret, under the user's data key"),
    Column("confirmed_at", AT, comment="null until the first code was right"),
    Column("step", BigInteger, nullable=False, server_default=text("0"), comment="the last that was used"),
    comment="One row a user with one-time codes from an app (RFC 6238).",
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("hash", LargeBinary, primary_key=True, comment="keyed HMAC of user and code"),
    Column("user", Text, ForeignKey(users.c.id), nullable=False),
    Column("used_at", AT),
    Index("ix_recovery_codes_user", "user"),
    comment="Codes for whoever has lost the app; each works once.",
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Text, primary_key=True, comment="the credential's id, base64url"),
    Column("user", Text, ForeignKey(users.c.id), nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False, comment="COSE"),
    Column("counter", BigInteger, nullable=False, comment="how often it signed, as it says itself"),
    Column("created_at", AT, nullable=False),
    Column("used_at", AT),
    Index("ix_passkeys_user", "user"),
    comment="Security keys and platform authenticators (WebAuthn).",
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("hash", LargeBinary, primary_key=True, comment="SHA-256 of the cookie"),
    Column("user", Text, ForeignKey(users.c.id), nullable=False),
    Column("whole", Boolean, nullable=False, comment="false while the second factor is waited for"),
    Column("factor", Text, nullable=False, comment="none, totp, recovery or webauthn"),
    Column("created_at", AT, nullable=False),
    Column("seen_at", AT, nullable=False),
    Column("until", AT, nullable=False, comment="it ends then, however busy"),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False, comment="what the browser calls itself"),
    Column("challenge", LargeBinary, comment="of WebAuthn; used once"),
    Index("ix_sign_ins_user", "user"),
    Index("ix_sign_ins_until", "until"),
    comment="One row a browser that is signed in.",
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("subject", LargeBinary, primary_key=True, comment="keyed HMAC of the e-mail address"),
    Column("tries", Integer, nullable=False),
    Column("since", AT, nullable=False),
    Column("locked_until", AT),
    Index("ix_sign_in_tries_since", "since"),
    comment="Wrong passwords and codes, also for addresses that nobody has.",
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True, comment="keyed HMAC of the key"),
    Column("start", Text, nullable=False, comment="its first characters, to be told from others"),
    Column("was_hash", LargeBinary, unique=True, comment="the key before a rotation"),
    Column("was_until", AT, comment="how long that one is still taken"),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_at", AT, nullable=False),
    Column("expires_at", AT),
    Column("used_at", AT, comment="to the minute"),
    Column("revoked_at", AT),
    comment="One row a program that may ask.",
)
