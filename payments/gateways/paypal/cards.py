"""Cards at PayPal: a set-up token of a raw card, which becomes a vaulted card when it is charged or kept."""

from dataclasses import dataclass

from payments.client import Said
from payments.gateways.paypal import answers
from payments.gateways.paypal.declines import is_refusal, word_for
from payments.gateways.paypal.speaker import Speaker
from payments.orders import Owner, Token
from payments.outcome import Declined, NotAttempted, RequiresAction, Unknown
from payments.wire import CardForm, Part, Reply

FORM = CardForm(
    "/v3/vault/setup-tokens",
    "application/json",
    before=(
        b'{"payment_source":{"card":{"number":"',
        Part.NUMBER,
        b'","expiry":"20',
        Part.YEAR,
        b"-",
        Part.MONTH,
    ),
    code=(b'","security_code":"', Part.CODE),
    end=b'"}}}',
)
_CREATED = 201
_NOT_FOUND = 404
_SERVER_ERROR = 500


def of_card(name: str, reply: Reply) -> Token | Declined | NotAttempted | Unknown:
    """The set-up token in an answer, or why there is none."""
    if reply.status in {200, _CREATED} and "id" in reply.body:
        return Token(name, reply.body["id"])
    if reply.status >= _SERVER_ERROR:
        return Unknown(f"PayPal answered {reply.status}")
    issues = [str(detail.get("issue", "")) for detail in reply.body.get("details") or []]
    return _refusal(issues[0] if issues else str(reply.status))


@dataclass(frozen=True, slots=True)
class Vault:
    """PayPal's vault."""

    name: str
    speaker: Speaker

    async def kept(
        self, token: Token, key: str, owner: Owner | None = None
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """A card that can be charged, of a set-up token; the same under the same key."""
        order: dict[str, object] = {"payment_source": {"token": {"id": token.value, "type": "SETUP_TOKEN"}}}
        if owner is not None:
            known = {"id": owner.known} if owner.known else {"merchant_customer_id": owner.reference[:64]}
            order["customer"] = known
        reply = await self.speaker.ask("POST", "/v3/vault/payment-tokens", order, key)
        match answers.of_reply(reply):
            case Declined() | NotAttempted() | Unknown() as failed:
                return failed
            case {"id": str(value)} as made:
                customer = (made.get("customer") or {}).get("id", "")
                return Token(self.name, value, reusable=True, owner=customer if owner else "")
            case _:
                return Unknown("PayPal vaulted a card and gave it no id")

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Delete a card; None when it is gone."""
        reply = await self.speaker.ask("DELETE", f"/v3/vault/payment-tokens/{token.value}")
        if isinstance(reply, Said):
            gone = reply.status in {200, 204, _NOT_FOUND}
            return None if gone else Unknown(f"PayPal answered {reply.status}")
        return reply


def _refusal(issue: str) -> Declined | NotAttempted:
    if is_refusal(issue):
        return Declined(word_for(issue), issue)
    return NotAttempted(f"PayPal made no token: {issue}")
