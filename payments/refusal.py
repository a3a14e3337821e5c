"""What may be done after a refusal, by table and not by hope."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from payments.outcome import DeclineCode, Declined


class Next(Enum):
    """What may follow."""

    ELSEWHERE = "elsewhere"  # the gateway's own trouble: the same card may be tried at the next one at once
    ANOTHER_CARD = "another_card"  # or the same one keyed in again, where it was mistyped
    SAME_LATER = "same_later"
    NEVER = "never"  # card networks fine those who go on asking


NEXT: Mapping[DeclineCode, Next] = MappingProxyType(
    {
        DeclineCode.INSUFFICIENT_FUNDS: Next.ANOTHER_CARD,
        DeclineCode.EXPIRED_CARD: Next.ANOTHER_CARD,
        DeclineCode.WRONG_NUMBER: Next.ANOTHER_CARD,
        DeclineCode.WRONG_CODE: Next.ANOTHER_CARD,
        DeclineCode.WRONG_EXPIRY: Next.ANOTHER_CARD,
        DeclineCode.WRONG_POSTAL_CODE: Next.ANOTHER_CARD,
        DeclineCode.LOST_OR_STOLEN: Next.NEVER,
        DeclineCode.DO_NOT_HONOR: Next.ANOTHER_CARD,
        DeclineCode.LIMIT_EXCEEDED: Next.ANOTHER_CARD,
        DeclineCode.NOT_SUPPORTED: Next.ANOTHER_CARD,
        DeclineCode.AUTHENTICATION_REQUIRED: Next.ANOTHER_CARD,
        DeclineCode.SUSPECTED_FRAUD: Next.NEVER,
        DeclineCode.PROCESSING_ERROR: Next.SAME_LATER,
        DeclineCode.OTHER: Next.ANOTHER_CARD,
    }
)


def follows(declined: Declined, after: Mapping[str, Next]) -> Next:
    """What may follow a refusal; `after` is the gateway's own table, by its codes (Capabilities.after)."""
    return after.get(declined.gateway_code, NEXT[declined.code])
