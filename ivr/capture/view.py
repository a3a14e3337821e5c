"""What may be told of a session: masks, counts and words, never a digit but the last few (PCI DSS 3.4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.ids import CallId
from ivr.capture.terms import CaptureTerms
from ivr.capture.words import PROCESSING, ErrorType, Method, Result
from payments.brand import Brand
from payments.card import CardField
from payments.webhooks.outbox import JsonValue


class Status(Enum):
    """Where a session stands."""

    OPEN = "in-progress"
    COMPLETE = "complete"
    CANCELLED = "cancel"


@dataclass(frozen=True, slots=True)
class View:
    """A session as it is now.

    `step` is what it is about: a field, or `payment-processing`; `partial` while that field is keyed in.
    `required` are the fields that are still missing. `token`, `confirmation` and `failure` come with the end.
    """

    id: str
    call: CallId
    terms: CaptureTerms
    status: Status
    step: CardField | None
    partial: bool
    masks: Mapping[CardField, str]
    brand: Brand | None
    required: tuple[CardField, ...]
    attempt: int = 0
    error: ErrorType | None = None
    result: Result | None = None
    token: str = ""
    confirmation: str = ""
    failure: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether it is over, and what came of it is known: nothing follows."""
        return self.status is not Status.OPEN and (self.result is not None or self.status is Status.CANCELLED)

    def fields(self) -> dict[str, JsonValue]:
        """The callback fields of hosted pay verbs; what is not known yet is left out."""
        charge = self.terms.charge
        told: dict[str, JsonValue] = {
            "CallSid": self.call,
            "Sid": self.id,
            "Status": self.status.value,
            "For": self._about,
            "PaymentMethod": self.terms.method.value,
            "PartialResult": self.partial,
            "Required": " ".join(step.value for step in self.required),
            "Attempt": self.attempt or "",
            "ErrorType": self.error.value if self.error else "",
            "PaymentCardType": self.brand.value if self.brand else "",
            **{_MASKED[step]: mask for step, mask in self.masks.items() if step in _MASKED},
            "ChargeAmount": charge.decimal if charge else "0",
            "Currency": charge.currency if charge else "",
            "TokenType": self.terms.token.value,
            "Result": self.result.value if self.result else "",
            "PaymentToken": self.token,
            "PaymentConfirmationCode": self.confirmation,
            "PaymentError": self.failure,
        }
        if self.terms.method is Method.ACH_DEBIT:
            told["BankAccountType"] = self.terms.account_type.value
        return {name: value for name, value in told.items() if value != "" or name == "Required"}

    @property
    def _about(self) -> str:
        if self.step is not None:
            return self.step.value
        return PROCESSING if self.status is Status.COMPLETE else ""


_MASKED: Mapping[CardField, str] = {
    CardField.NUMBER: "PaymentCardNumber",
    CardField.EXPIRY: "ExpirationDate",
    CardField.CODE: "SecurityCode",
    CardField.POSTAL: "PaymentCardPostalCode",
    CardField.ROUTING: "BankRoutingNumber",
    CardField.ACCOUNT: "BankAccountNumber",
    CardField.NUMBER_AGAIN: "PaymentCardNumberMatcher",
    CardField.EXPIRY_AGAIN: "ExpirationDateMatcher",
    CardField.CODE_AGAIN: "SecurityCodeMatcher",
    CardField.POSTAL_AGAIN: "PaymentCardPostalCodeMatcher",
}
