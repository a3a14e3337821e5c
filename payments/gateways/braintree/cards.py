"""Cards at Braintree: traded for a single-use token by GraphQL, kept in the vault by XML."""

import hashlib
from dataclasses import dataclass

from payments.client import Client, Said
from payments.gateways.braintree import answers
from payments.gateways.braintree.declines import word_for
from payments.gateways.braintree.xml import document, read
from payments.orders import Owner, Token
from payments.outcome import Declined, NotAttempted, Unknown
from payments.wire import CardForm, Part, Reply

_MUTATION = b"mutation Tokenize($input: TokenizeCreditCardInput!) { tokenizeCreditCard(input: $input) "
FORM = CardForm(
    "/graphql",
    "application/json",
    before=(
        b'{"query":"' + _MUTATION + b'{ paymentMethod { id usage } } }",'
        b'"variables":{"input":{"creditCard":{"number":"',
        Part.NUMBER,
        b'","expirationMonth":"',
        Part.MONTH,
        b'","expirationYear":"',
        Part.YEAR,
    ),
    code=(b'","cvv":"', Part.CODE),
    end=b'"}}}}',
)
VERSION = "2019-01-01"
_TAKEN = "91609"  # the customer is there already, from the first time
_NOT_FOUND = 404


def of_card(name: str, reply: Reply) -> Token | Declined | NotAttempted | Unknown:
    """The token in a GraphQL answer, or the first error of the card's."""
    made = ((reply.body.get("data") or {}).get("tokenizeCreditCard") or {}).get("paymentMethod")
    if made:
        return Token(name, made["id"])
    about = [error.get("extensions") or {} for error in reply.body.get("errors") or []]
    for extension in about:
        if extension.get("errorClass") == "VALIDATION" and extension.get("legacyCode"):
            return Declined(word_for(extension["legacyCode"]), extension["legacyCode"])
    kind = about[0].get("errorClass", "no class") if about else f"status {reply.status}"
    if kind in {"INTERNAL", "SERVICE_AVAILABILITY"}:
        return Unknown(f"Braintree could not make a token: {kind}")
    return NotAttempted(f"Braintree made no token: {kind}")


@dataclass(frozen=True, slots=True)
class Vault:
    """Braintree's vault; `path` and `headers` are the account's."""

    name: str
    client: Client
    path: str
    headers: dict[str, str]

    async def store(self, token: Token, owner: Owner) -> Token | Declined | NotAttempted | Unknown:
        """Put a card into the vault, verified with the bank.

        A nonce works once, and a customer's id is made of our reference: sending it again changes nothing.
        """
        customer = owner.known or _customer(owner.reference)
        if not owner.known and (failed := await self._made(customer)):
            return failed
        order = {
            "customer_id": customer,
            "payment_method_nonce": token.value,
            "options": {"verify_card": True},
        }
        reply = await self._post("/payment_methods", document("payment_method", order))
        if not isinstance(reply, Said):
            return reply
        body = read(reply.body)
        if kept := body.get("credit_card"):
            return Token(self.name, kept["token"], reusable=True, owner=customer)
        return _unkept(body.get("api_error_response") or {}, reply.status)

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Delete a card from the vault."""
        path = f"{self.path}/payment_methods/any/{token.value}"
        reply = await self.client.ask("DELETE", path, self.headers)
        if isinstance(reply, Said):
            gone = reply.status in {200, 204, _NOT_FOUND}
            return None if gone else Unknown(f"Braintree answered {reply.status}")
        return reply

    async def _made(self, customer: str) -> NotAttempted | Unknown | None:
        reply = await self._post("/customers", document("customer", {"id": customer}))
        if not isinstance(reply, Said):
            return reply
        body = read(reply.body)
        known = answers.codes((body.get("api_error_response") or {}).get("errors"))
        if "customer" in body or _TAKEN in known:
            return None
        return NotAttempted(f"Braintree made no customer: {known or reply.status}")

    async def _post(self, path: str, body: str) -> Said | NotAttempted | Unknown:
        reply = await self.client.ask("POST", self.path + path, self.headers, body.encode())
        if isinstance(reply, Said) and not reply.body.lstrip().startswith(b"<"):
            return Unknown(f"Braintree answered {reply.status} with no XML")
        return reply


def _customer(reference: str) -> str:
    """At most 36 letters, digits, dashes; the same for the same reference."""
    return f"tl-{hashlib.sha256(reference.encode()).hexdigest()[:30]}"


def _unkept(error: answers.Json, status: int) -> Declined | NotAttempted:
    if checked := error.get("verification"):
        code = str(checked.get("processor_response_code") or checked.get("gateway_rejection_reason") or "")
        return Declined(word_for(code), code)
    known = answers.codes(error.get("errors"))
    return NotAttempted(f"Braintree kept no card: {known[0] if known else status}")
