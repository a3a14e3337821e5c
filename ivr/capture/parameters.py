"""A capture's terms from the parameters of hosted pay verbs, as forms and JSON write them."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final, TypeVar

from core.errors import BadInput
from core.money import Money
from ivr.capture.captures import CaptureOrder
from ivr.capture.prompts import Rule
from ivr.capture.session import CaptureRefused
from ivr.capture.terms import USUAL_BRANDS, CaptureTerms
from ivr.capture.words import PROCESSING, ErrorType, Method, TokenType
from ivr.prompt import Prompt
from payments.bank import AccountType
from payments.brand import Brand
from payments.card import CardField
from payments.webhooks.outbox import JsonValue, check_url

E = TypeVar("E", bound=Enum)
N = TypeVar("N", int, float)

_LONGEST_S: Final = 1800.0  # of a session that somebody leads
_NAMES: Final = """
    account action bankAccountHolder bankAccountType chargeAmount confirmation currency description
    idempotencyKey input language maxAttempts
    minPostalCodeLength paymentConnector paymentMethod postalCode prompts requireMatchingInputs
    securityCode statusCallback statusCallbackMethod timeout tokenType validCardTypes
"""
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no", "")


def order_of(given: Mapping[str, JsonValue]) -> CaptureOrder:
    """Read parameters such as `ChargeAmount`, `chargeAmount` or `charge_amount`; the defaults are the hosted.

    Raises BadInput for what is not known or cannot be, CaptureRefused for a wrong type of bank account.
    """
    values = {_plain(name): value for name, value in given.items()}
    if unknown := sorted(values.keys() - {_plain(name) for name in _NAMES.split()}):
        known = ", ".join(_NAMES.split())
        raise BadInput(f"no such parameters: {', '.join(unknown)}; there are: {known}")
    if (kind := _text(values, "input", "dtmf")) != "dtmf":
        raise BadInput(f"Input={kind!r}: only dtmf is taken")
    if (connector := _text(values, "paymentconnector", "Default")) != "Default":
        raise BadInput(f"PaymentConnector={connector!r}: the line chooses its gateway itself; leave it out")
    if (method := _text(values, "statuscallbackmethod", "POST")).upper() != "POST":
        raise BadInput(f"StatusCallbackMethod={method!r}: callbacks are posted; leave it out")
    return CaptureOrder(
        _terms(values),
        _url(values, "StatusCallback"),
        _text(values, "account"),
        action=_url(values, "Action"),
    )


def _terms(values: Mapping[str, JsonValue]) -> CaptureTerms:
    brands = _words(values, "validcardtypes")
    return CaptureTerms(
        method=_one(Method, values, "paymentmethod", Method.CREDIT_CARD),
        account_type=_account_type(values),
        holder=_text(values, "bankaccountholder"),
        accepted=_set(Brand, "ValidCardTypes", brands) if brands else USUAL_BRANDS,
        security_code=_yes(values, "securitycode", default=True),
        postal_code=_postal(values),
        shortest_postal=_number(int, values, "minpostalcodelength", 0),
        matching=_set(CardField, "RequireMatchingInputs", _words(values, "requirematchinginputs")),
        confirm=_yes(values, "confirmation", default=False),
        charge=_charge(values),
        token=_one(TokenType, values, "tokentype", TokenType.REUSABLE),
        description=_text(values, "description"),
        language=_text(values, "language"),
        timeout_s=_number(float, values, "timeout", 5.0),
        attempts=_number(int, values, "maxattempts", 1),
        prompts=tuple(_rule(one) for one in _listed(values) if _steps(one) != {PROCESSING}),
        processing=next((_rule(one).prompt for one in _listed(values) if PROCESSING in _steps(one)), None),
        longest_s=_LONGEST_S,
        idle_s=_LONGEST_S,
    )


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _text(values: Mapping[str, JsonValue], name: str, default: str = "") -> str:
    value = values.get(name)
    if value is None:
        return default
    if isinstance(value, str | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value).strip()
    raise BadInput(f"{name} is a text, not {type(value).__name__}")


def _words(values: Mapping[str, JsonValue], name: str) -> list[str]:
    """A list, or words with spaces between."""
    value = values.get(name)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(one) for one in value]
    return _text(values, name).split()


def _one(kind: type[E], values: Mapping[str, JsonValue], name: str, default: E) -> E:
    return _meant(kind, name, _text(values, name) or str(default.value))


def _set(kind: type[E], name: str, words: Sequence[str]) -> frozenset[E]:
    return frozenset(_meant(kind, name, word) for word in words)


def _meant(kind: type[E], name: str, word: str) -> E:
    try:
        return kind(word)
    except ValueError:
        known = ", ".join(str(one.value) for one in kind)
        raise BadInput(f"{name}={word!r} is not known: it is one of {known}") from None


def _account_type(values: Mapping[str, JsonValue]) -> AccountType:
    try:
        return _one(AccountType, values, "bankaccounttype", AccountType.CONSUMER_CHECKING)
    except BadInput as why:
        raise CaptureRefused(ErrorType.ACCOUNT_TYPE, str(why)) from None


def _yes(values: Mapping[str, JsonValue], name: str, *, default: bool) -> bool:
    text = _text(values, name, str(default)).lower()
    if text not in _TRUE + _FALSE:
        raise BadInput(f"{name}={text!r} is neither true nor false")
    return text in _TRUE


def _postal(values: Mapping[str, JsonValue]) -> bool | str:
    """True, false, or the postal code itself: `1` and `0` are no codes."""
    text = _text(values, "postalcode", "true")
    return text.lower() in _TRUE if text.lower() in _TRUE + _FALSE else text


def _number(kind: Callable[[str], N], values: Mapping[str, JsonValue], name: str, default: N) -> N:
    text = _text(values, name, str(default))
    try:
        return kind(text)
    except ValueError:
        raise BadInput(f"{name}={text!r} is not a number") from None


def _charge(values: Mapping[str, JsonValue]) -> Money | None:
    amount, currency = _text(values, "chargeamount", "0"), _text(values, "currency", "usd")
    try:
        charge = Money.parse(amount, currency.upper())
    except BadInput as why:
        raise BadInput(f"ChargeAmount={amount!r} and Currency={currency!r}: {why}") from None
    return charge if charge.minor else None


def _url(values: Mapping[str, JsonValue], name: str) -> str:
    if not (url := _text(values, name.lower())):
        return ""
    try:
        check_url(url)
    except BadInput as why:
        raise BadInput(f"{name}: {why}") from None
    return url


def _listed(values: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    given = values.get("prompts", ())
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise BadInput(
            "prompts is a list of objects with `say`, and `for`, `errorType`, `cardType`, `attempt`"
        )
    rules = [one if isinstance(one, Mapping) else {} for one in given]
    return [{_plain(name): value for name, value in one.items()} for one in rules]


def _steps(rule: Mapping[str, JsonValue]) -> set[str]:
    return set(_words(rule, "for"))


def _rule(values: Mapping[str, JsonValue]) -> Rule:
    known = {"say", "for", "errortype", "cardtype", "attempt"}
    said = _text(values, "say")
    if not said or values.keys() - known:
        raise BadInput("a prompt has `say`, and may have `for`, `errorType`, `cardType` and `attempt`")
    attempts = _words(values, "attempt")
    if not all(attempt.isdecimal() and 1 <= int(attempt) <= 10 for attempt in attempts):
        raise BadInput("a prompt's attempts are numbers from 1 to 10")
    return Rule(
        Prompt("own_words", text=said),
        _set(CardField, "for", sorted(_steps(values) - {PROCESSING})),
        _set(ErrorType, "errorType", _words(values, "errortype")),
        _set(Brand, "cardType", _words(values, "cardtype")),
        frozenset(map(int, attempts)),
    )
