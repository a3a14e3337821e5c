"""What a capture works with: one call's keypad and mouth, and what all captures of a process share."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from core.clock import Clock
from core.events import Facts
from ivr.capture.guard import Guard
from ivr.capture.terms import CaptureTerms
from ivr.keypad import Keypad
from ivr.question import Pace
from ivr.speaker import Speaker
from payments.card import CardEntry
from payments.vault import Sealed, Vault
from pbx.call import Call

Work = Callable[[], Coroutine[Any, Any, None]]
"""Something to be done in a task of its own; Any as anyio has it."""


@dataclass(frozen=True, slots=True)
class Booth:
    """One call: `speaker` gives a mouth for a language, empty for the call's own."""

    call: Call
    keypad: Keypad
    speaker: Callable[[str], Speaker]
    facts: Facts
    pace: Pace


@dataclass(frozen=True, slots=True)
class Safe:
    """Where what was captured goes, and whether it may be captured at all."""

    vault: Vault
    clock: Clock
    guard: Guard

    def seal(self, entry: CardEntry, *, bank: bool) -> Sealed:
        """Give a complete entry to the vault, which closes it from here on."""
        return self.vault.seal_account(entry) if bank else self.vault.seal(entry)


def opened(terms: CaptureTerms) -> CardEntry:
    """An empty entry for these terms, but for a postal code that is known. Raises CannotKeepSecret."""
    entry = CardEntry(terms.accepted, terms.shortest_postal)
    if isinstance(terms.postal_code, str):
        entry.know_postal(terms.postal_code)
    return entry
