"""All tables, in one metadata; a module that defines some is named here."""

from typing import Final

from db import (
    access_tables,
    answer_tables,
    call_hour_tables,
    flow_tables,
    fraud_tables,
    key_tables,
    link_tables,
    message_tables,
    money_tables,
    request_tables,
    tables,
    webhook_tables,
)

MODULES: Final = (
    tables,
    money_tables,
    fraud_tables,
    webhook_tables,
    link_tables,
    key_tables,
    answer_tables,
    message_tables,
    access_tables,
    call_hour_tables,
    request_tables,
    flow_tables,
)

metadata: Final = tables.metadata
