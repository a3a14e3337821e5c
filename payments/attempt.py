"""An attempt to pay: what was asked, how risky it looked, and where it may go."""

import hashlib
import json
from dataclasses import dataclass

from core.ids import AttemptId
from payments.purchase import Purchase
from payments.risk import Verdict
from payments.route import Route


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; each gateway that is asked for it gets a payment of its own, with its own key.

    `key` is the idempotency key of whoever asked, `digest` what it was first used for.
    """

    purchase: Purchase
    key: str
    digest: str
    verdict: Verdict
    route: Route

    @property
    def id(self) -> AttemptId:
        """Its id, `att_` and 25 characters."""
        return self.purchase.attempt


def digest_of(*parts: object) -> str:
    """What a key was used for, to be compared; the parts are written out and hashed."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
