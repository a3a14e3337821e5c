"""What callers hear for a card's brand, and for a bank's reason to refuse it."""

from collections.abc import Mapping
from typing import Final

from ivr.prompt import Prompt
from payments.brand import Brand
from payments.outcome import DeclineCode

BRANDS: Final[Mapping[Brand, Prompt]] = {
    Brand.VISA: Prompt("brand_visa"),
    Brand.MASTERCARD: Prompt("brand_mastercard"),
    Brand.AMEX: Prompt("brand_amex"),
    Brand.MAESTRO: Prompt("brand_maestro"),
    Brand.DISCOVER: Prompt("brand_discover"),
    Brand.JCB: Prompt("brand_jcb"),
    Brand.DINERS: Prompt("brand_diners"),
    Brand.ENROUTE: Prompt("brand_enroute"),
    Brand.OPTIMA: Prompt("brand_amex"),
}
REASONS: Final[Mapping[DeclineCode, Prompt]] = {
    DeclineCode.INSUFFICIENT_FUNDS: Prompt("reason_insufficient_funds"),
    DeclineCode.EXPIRED_CARD: Prompt("reason_expired_card"),
    DeclineCode.WRONG_NUMBER: Prompt("reason_wrong_number"),
    DeclineCode.WRONG_CODE: Prompt("reason_wrong_code"),
    DeclineCode.WRONG_EXPIRY: Prompt("reason_wrong_expiry"),
    DeclineCode.WRONG_POSTAL_CODE: Prompt("reason_wrong_postal_code"),
    DeclineCode.LIMIT_EXCEEDED: Prompt("reason_limit_exceeded"),
    DeclineCode.NOT_SUPPORTED: Prompt("reason_not_supported"),
    DeclineCode.AUTHENTICATION_REQUIRED: Prompt("reason_elsewhere"),
    DeclineCode.PROCESSING_ERROR: Prompt("reason_processing_error"),
    # What a thief must not learn (stolen, fraud) sounds like any other refusal of the bank.
    DeclineCode.LOST_OR_STOLEN: Prompt("reason_bank"),
    DeclineCode.SUSPECTED_FRAUD: Prompt("reason_bank"),
    DeclineCode.DO_NOT_HONOR: Prompt("reason_bank"),
    DeclineCode.OTHER: Prompt("reason_bank"),
}
