"""PayU's codes for a refusal, in our words: https://docs.payu.in/reference/issuer-decline-error-codes."""

from collections.abc import Mapping
from types import MappingProxyType

from payments.decline_words import word_in
from payments.outcome import DeclineCode
from payments.refusal import Next

_CODES: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "E207": DeclineCode.DO_NOT_HONOR,
        "E305": DeclineCode.WRONG_NUMBER,
        "E307": DeclineCode.DO_NOT_HONOR,
        "E308": DeclineCode.DO_NOT_HONOR,
        "E310": DeclineCode.LOST_OR_STOLEN,
        "E341": DeclineCode.NOT_SUPPORTED,
        "E345": DeclineCode.PROCESSING_ERROR,
        "E348": DeclineCode.DO_NOT_HONOR,
        "E715": DeclineCode.LIMIT_EXCEEDED,
        "E1632": DeclineCode.WRONG_NUMBER,
        "E1903": DeclineCode.DO_NOT_HONOR,
        "E9205": DeclineCode.OTHER,
    }
)

AFTER: Mapping[str, Next] = MappingProxyType({"E341": Next.ELSEWHERE})


def word_for(code: str, said: str) -> DeclineCode:
    """Our word for an error code; what PayU says beside it counts where the code is not known."""
    return _CODES.get(code) or word_in(said)
