"""An order under way."""

from dataclasses import dataclass, field

from core.ids import AttemptId, new_attempt_id
from payments.card import CardEntry
from payments.counter import Slip
from payments.methods import StoredCard
from payments.store import Payment
from payments.taken import NotTaken, Order, Taken, Unconfirmed


@dataclass(slots=True)
class Job:
    """`entry` is the keyed-in card, `sent` what a gateway may have heard of, `kept` the stored card."""

    order: Order
    attempt: AttemptId = field(default_factory=new_attempt_id)
    entry: CardEntry | None = None
    sent: Payment | None = None
    kept: StoredCard | None = None
    slip: Slip[Taken] = field(init=False)

    def __post_init__(self) -> None:
        self.slip = Slip(self._broken_off)

    @property
    def answered(self) -> bool:
        """Whether the caller has an answer already."""
        return self.slip.answered.is_set()

    def tell(self, answer: Taken) -> None:
        """Answer the caller, who needs the card no more."""
        self.slip.tell(answer)
        self.wipe()

    def wipe(self) -> None:
        """Overwrite the card."""
        if self.entry is not None:
            self.entry.close()

    def _broken_off(self) -> Taken:
        return Unconfirmed(self.sent) if self.sent else NotTaken("the desk broke off")
