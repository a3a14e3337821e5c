"""Braintree's Hosted Fields: frames of Braintree's own, in which a payer types the card on a page of ours."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from core.money import Money
from payments.client import Client, Said
from payments.gateways.braintree.account import Account
from payments.gateways.braintree.xml import document, read
from payments.orders import Fields
from payments.outcome import NotAttempted, Unknown

VERSION: Final = "3.136.0"
_SCRIPTS: Final = ("client", "hosted-fields")
_API: Final = "api."
_TOKENS: Final = ".braintree-api.com"


@dataclass(frozen=True, slots=True)
class HostedFields:
    """Asks for a client token; `path` and `headers` are the account's."""

    account: Account
    client: Client
    path: str
    headers: dict[str, str]

    async def offered(self, amount: Money) -> Fields | NotAttempted | Unknown:
        """The fields, with a client token for the merchant account of that currency."""
        account = self.account
        if amount.currency not in account.merchant_accounts:
            return NotAttempted(f"this Braintree account cannot charge {amount}")
        token = await self._token(account.merchant_accounts[amount.currency])
        if not isinstance(token, str):
            return token
        home = account.scripts_url
        frames = _origin(account.frames_url)
        return Fields(
            "braintree",
            tuple(f"{home}/web/{VERSION}/js/{name}.min.js" for name in _SCRIPTS),
            token,
            frames=(frames,),
            images=(frames, "data:"),
            asks=asked_by(account),
        )

    async def _token(self, merchant_account: str) -> str | NotAttempted | Unknown:
        order: dict[str, object] = {"version": 2}
        if merchant_account:
            order["merchant_account_id"] = merchant_account
        body = document("client_token", order).encode()
        reply = await self.client.ask("POST", f"{self.path}/client_token", self.headers, body)
        if not isinstance(reply, Said):
            return reply
        try:
            return str(read(reply.body)["client_token"]["value"])
        except (ValueError, KeyError, TypeError):
            return NotAttempted(f"Braintree gave no client token: it answered {reply.status}")


def asked_by(account: Account) -> tuple[str, ...]:
    """Whom the scripts ask (jsdoc/Home.md of braintree-web, "Content Security Policy").

    Analytics have a host beside that of the API, and tokens are made at one of several below one name.
    """
    api, tokens = urlsplit(account.url), urlsplit(account.graphql_url)
    asked = [_origin(account.url)]
    if api.netloc.startswith(_API):
        asked.append(f"{api.scheme}://client-analytics.{api.netloc.removeprefix(_API)}")
    below = tokens.netloc.endswith(_TOKENS)
    asked.append(f"{tokens.scheme}://*{_TOKENS}" if below else _origin(account.graphql_url))
    return tuple(dict.fromkeys(asked))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
