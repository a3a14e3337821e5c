"""All tables, in one metadata; a module that defines some is named here."""

from typing import Final

from db import money_tables, tables

MODULES: Final = (tables, money_tables)

metadata: Final = tables.metadata
