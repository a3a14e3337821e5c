"""Advisory locks: the places where writers take turns."""

from enum import IntEnum


class Turn(IntEnum):
    """The keys, as the database knows them."""

    MIGRATE = 7_355_001
    JOURNAL = 7_355_002  # taken by the trigger journal_in_turn, at the commit
    IMPORT = 7_355_003
