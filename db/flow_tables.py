"""The table of what written flows were before."""

from sqlalchemy import Column, DateTime, Integer, PrimaryKeyConstraint, Table, Text

from db.tables import metadata

flow_versions = Table(
    "flow_versions",
    metadata,
    Column("flow", Text, nullable=False),
    Column("number", Integer, nullable=False, comment="from 1, for each flow"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False, comment="who wrote it, in words; empty: found in the flow's file"),
    Column("text", Text, comment="null: the flow was taken out"),
    PrimaryKeyConstraint("flow", "number"),
    comment="One row a change of a written flow, the newest 200 of each; calls use its file.",
)
