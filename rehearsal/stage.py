"""What a rehearsal is played on: telephones, the line's facts, the database, chance."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from random import Random

from rehearsal.account import Caller
from rehearsal.heard import Ear
from rehearsal.phone import Phone
from rehearsal.rows import Rows
from rehearsal.timeline import Entry
from rehearsal.watch import Claims, Watch

NewPhone = Callable[[Caller, float], AbstractAsyncContextManager[Phone]]
"""Opens a telephone for one caller, and for a call of at most so many seconds.

What it received must stay readable until all of its rehearsal is over.
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Shared by all rehearsals that are played at once. Without `rows` no rehearsal may expect any."""

    new_phone: NewPhone
    watch: Watch
    chance: Random
    rows: Rows | None = None
    ear: Ear | None = None
    claims: Claims = field(default_factory=Claims)


OnEntry = Callable[[Entry], None]


def made_up_number(chance: Random) -> str:
    """A number that no other call has; it begins like fictional North American ones (+1 555)."""
    return f"+1555{chance.randrange(10**7):07}"
