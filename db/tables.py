"""The tables, as SQLAlchemy Core sees them; what guards them (triggers) stands in the migrations."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_SEQ = "given by a trigger, without gaps, in the order of commits"
AT = DateTime(timezone=True)

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False, comment="the line's own number"),
    Column("caller", Text, nullable=False, comment="E.164, or empty when withheld or sealed"),
    Column("flow", Text, nullable=False),
    Column("node", Text, nullable=False, comment="the controller that held the call"),
    Column("started_at", AT, nullable=False),
    Column("ended_at", AT),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("cause", Text, nullable=False, server_default=""),
    Column("caller_index", LargeBinary, comment="keyed HMAC of `caller`"),
    Column("caller_sealed", LargeBinary),
    Index("ix_calls_started_at_id", "started_at", "id"),
    Index("ix_calls_outcome_started_at_id", "outcome", "started_at", "id"),
    Index("ix_calls_number_started_at_id", "number", "started_at", "id"),
    Index("ix_calls_caller", "caller", postgresql_where=text("caller <> ''")),
    Index("ix_calls_open", "started_at", "id", postgresql_where=text("ended_at IS NULL")),
    Index("ix_calls_caller_index", "caller_index"),
    Index("ix_calls_node_open", "node", postgresql_where=text("ended_at IS NULL")),
    comment="One row a telephone call.",
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, unique=True, comment="what the caller keys in; null once sealed"),
    Column("name", Text, nullable=False, server_default=""),
    Column("currency", Text, nullable=False, comment="ISO 4217; an account has one"),
    Column("number_index", LargeBinary, unique=True, comment="keyed HMAC of `number`"),
    Column("number_sealed", LargeBinary),
    Column("name_sealed", LargeBinary),
    Column("email", Text, nullable=False, server_default="", comment="where receipts go; empty once sealed"),
    Column("email_sealed", LargeBinary),
    Column("phone", Text, nullable=False, server_default="", comment="E.164, for text messages; the same"),
    Column("phone_sealed", LargeBinary),
    Column("language", Text, nullable=False, server_default="", comment="empty is the line's own"),
    CheckConstraint("number ~ '^[0-9]{1,20}$'", name="number_is_digits"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
    comment="One row a customer's account; what it owes is its balance in the ledger.",
)

account_callers = Table(
    "account_callers",
    metadata,
    Column("caller", Text, comment="E.164; null once sealed"),
    Column("account", Text, ForeignKey(accounts.c.id), nullable=False),
    Column("caller_index", LargeBinary, comment="keyed HMAC of `caller`"),
    Column("caller_sealed", LargeBinary),
    UniqueConstraint("caller", "account"),
    UniqueConstraint("caller_index", "account"),
    Index("ix_account_callers_account", "account"),
    comment="The telephone numbers that an account is known by.",
)

bills = Table(
    "bills",
    metadata,
    Column("reference", Text, primary_key=True, comment="the invoice's own reference"),
    Column("account", Text, ForeignKey(accounts.c.id), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("imported_at", AT, nullable=False, server_default=func.now()),
    CheckConstraint("amount_minor > 0", name="amount_is_positive"),
    Index("ix_bills_account", "account"),
    comment="One row an invoice that was imported.",
)

payment_moves = Table(
    "payment_moves",
    metadata,
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    PrimaryKeyConstraint("old", "new"),
    comment="The moves of payments.session.TRANSITIONS; written anew by each migration.",
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="idempotency key of whoever asked"),
    Column("digest", Text, nullable=False, comment="what the key was first used for"),
    Column("call", Text),
    Column("account", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False, comment="zero to keep a card only"),
    Column("currency", Text, nullable=False),
    Column("method", Text, nullable=False, comment="card, stored, bank or link"),
    Column("fingerprint", Text, nullable=False, server_default="", comment="keyed HMAC of the card number"),
    Column("risk", JSONB, nullable=False, comment="the verdict, its score and reasons"),
    Column("route", JSONB, nullable=False, comment="the gateways in order and the reasons"),
    Column("at", AT, nullable=False),
    CheckConstraint("amount_minor >= 0", name="amount_is_not_negative"),
    Index("ix_attempts_account", "account"),
    Index("ix_attempts_call", "call"),
    Index("ix_attempts_at_id", "at", "id"),
    comment="One row an attempt to pay, with what was decided about it and why; never changed.",
)

payments = Table(
    "payments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call", Text),
    Column("account", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="idempotency key"),
    Column("brand", Text, nullable=False),
    Column("last4", Text, nullable=False),
    Column("receipt", Text, nullable=False, comment="the code that the caller hears"),
    Column("ref", Text, nullable=False, server_default="", comment="the gateway's id of the charge"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("created_at", AT, nullable=False),
    Column("touched_at", AT, nullable=False),
    Column("attempt", Text, ForeignKey(attempts.c.id), comment="null for payments older than attempts"),
    Column(
        "captured_minor",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="what was taken; while capturing, what is asked for",
    ),
    Column(
        "returned_minor",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="what was given back or is on its way back, kept by a trigger on refunds",
    ),
    CheckConstraint("amount_minor > 0", name="amount_is_positive"),
    CheckConstraint("captured_minor BETWEEN 0 AND amount_minor", name="no_more_is_captured"),
    CheckConstraint("returned_minor BETWEEN 0 AND captured_minor", name="no_more_is_returned"),
    CheckConstraint(
        "(captured_minor > 0) = (state IN ('capturing', 'captured', 'partially_refunded', 'refunded', "
        "'disputed', 'charged_back'))",
        name="captured_as_its_state_says",
    ),
    CheckConstraint("last4 ~ '^([0-9]{4})?$'", name="last4_is_short"),
    Index("uq_payments_receipt", "receipt", unique=True, postgresql_where=text("receipt <> ''")),
    Index(
        "uq_payments_unsettled_account",
        "account",
        unique=True,
        postgresql_where=text("state IN ('pending', 'unknown')"),
    ),
    Index(
        "ix_payments_on_a_page",
        "account",
        postgresql_where=text("state = 'action_required' AND last4 = ''"),
    ),
    Index(
        "ix_payments_unsettled",
        "touched_at",
        postgresql_where=text("state IN ('pending', 'unknown', 'capturing', 'voiding')"),
    ),
    Index("ix_payments_call", "call"),
    Index("ix_payments_created_at_id", "created_at", "id"),
    Index("ix_payments_state_created_at_id", "state", "created_at", "id"),
    Index("ix_payments_gateway_created_at_id", "gateway", "created_at", "id"),
    Index("ix_payments_account_created_at_id", "account", "created_at", "id"),
    Index("ix_payments_last4_created_at_id", "last4", "created_at", "id"),
    Index("ix_payments_attempt", "attempt"),
    Index("ix_payments_ref", "gateway", "ref", postgresql_where=text("ref <> ''")),
    comment="One row a charge at a gateway; at most one unsettled (pending, unknown) an account.",
)

ledger_transactions = Table(
    "ledger_transactions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("reference", Text, nullable=False, unique=True, comment="what was posted; never twice"),
    Column("at", AT, nullable=False, server_default=func.now()),
    Index("ix_ledger_transactions_at_id", "at", "id"),
    comment="Double entry, append-only: one row a posting.",
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("transaction_id", BigInteger, ForeignKey(ledger_transactions.c.id), nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False, comment="debit above zero, credit below"),
    Column("currency", Text, nullable=False),
    PrimaryKeyConstraint("transaction_id", "line"),
    CheckConstraint("amount_minor <> 0", name="amount_is_not_zero"),
    Index("ix_ledger_entries_account", "account", "currency"),
    Index("ix_ledger_entries_account_in_turn", "account", "transaction_id", "line"),
    comment="The lines of a posting; they sum to zero in each currency, or the commit fails.",
)

ledger_balances = Table(
    "ledger_balances",
    metadata,
    Column("account", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("balance_minor", BigInteger, nullable=False),
    PrimaryKeyConstraint("account", "currency"),
    comment="What customers owe: the sum of their ledger entries, kept by a trigger.",
)

facts = Table(
    "facts",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False, server_default=text("0"), comment=_SEQ),
    Column("at", AT, nullable=False),
    Column("call", Text),
    Column("kind", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("teller", Text, nullable=False, comment="who told it, anew at each start"),
    Column("told", BigInteger, nullable=False, comment="its number among what that teller told"),
    Index("uq_facts_teller_told", "teller", "told", unique=True),
    Index("ix_facts_call_seq", "call", "seq"),
    Index("ix_facts_call_ended", "seq", postgresql_where=text("kind = 'call_ended'")),
    comment="What happened in calls and to payments: timeline and outbox. NOTIFY facts on insert.",
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False, server_default=text("0"), comment=_SEQ),
    Column("at", AT, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Column("previous", LargeBinary, nullable=False, server_default="", comment="SHA-256 of the row before"),
    Column(
        "hash", LargeBinary, nullable=False, server_default="", comment="SHA-256 of `previous` and this row"
    ),
    Index("ix_audit_subject", "subject", "seq"),
    Index("ix_audit_action", "action", "seq"),
    Index("ix_audit_by", text("(detail ->> 'by')"), "seq"),
    Index("ix_audit_at", "at", "seq"),
    comment="Append-only chain: a row that was changed, removed or moved is found by `verify`.",
)

facts_inbox = Table(
    "facts_inbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", AT, nullable=False),
    Column("call", Text),
    Column("kind", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("teller", Text, nullable=False),
    Column("told", BigInteger, nullable=False),
    comment="Facts on their way: the commit moves them to `facts`.",
    prefixes=["UNLOGGED"],
)

audit_inbox = Table(
    "audit_inbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", AT, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    comment="Audit rows on their way: the commit moves them to `audit`.",
    prefixes=["UNLOGGED"],
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", AT, nullable=False),
    Column("term", BigInteger, nullable=False, comment="grows each time that the lease changes hands"),
    comment="Who may do what only one node at a time does.",
)

jobs_schema = Table(
    "jobs_schema",
    metadata,
    Column("step", Text, primary_key=True),
    comment="Which of procrastinate's own schema steps this database has.",
)
