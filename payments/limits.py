"""How long each step at the desk may last."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds; `at_once` is how many charges may be under way."""

    decide_s: float = 2.0
    open_s: float = 5.0
    tokenize_s: float = 10.0
    purchase_s: float = 30.0
    write_s: float = 3.0  # how long the caller waits for the answer to be written down
    stale_s: float = 60.0  # a charge not sent by then is not sent: a reconciler may have settled it
    at_once: int = 500
    refunds_at_once: int = 4  # that write; those that wait for their gateway do not count
