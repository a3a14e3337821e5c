"""The tables of what analytics adds up of calls, by the hour, drawn from their facts."""

from sqlalchemy import BigInteger, CheckConstraint, Column, PrimaryKeyConstraint, SmallInteger, Table, Text

from db.tables import AT, metadata

call_hours = Table(
    "call_hours",
    metadata,
    Column("hour", AT, nullable=False, comment="in which the calls began"),
    Column("what", Text, nullable=False, comment="handed_over, gave_up, asked, understood, turn or calls"),
    Column("name", Text, nullable=False, comment="of the prompt or question; of a turn, its milliseconds"),
    Column("number", BigInteger, nullable=False),
    PrimaryKeyConstraint("hour", "what", "name"),
    comment="What happened on calls that are over, counted by the hour, for analytics.",
)

call_hours_upto = Table(
    "call_hours_upto",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, server_default="1"),
    Column("seq", BigInteger, nullable=False, comment="calls whose end is told up to this fact are counted"),
    CheckConstraint("id = 1", name="one_row"),
    comment="How far facts were counted.",
)
