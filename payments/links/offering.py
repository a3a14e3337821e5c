"""Offering links: made, sent by text or mail, and never written down with their secret."""

from dataclasses import dataclass
from datetime import timedelta

from core.clock import Clock
from core.errors import BadInput
from core.ids import AccountId, CallId, new_id
from core.letter import Letter, Letters, Value
from core.money import Money
from payments.links.link import Link, LinkId, check_amount, hash_of, new_token
from payments.links.store import Links


@dataclass(frozen=True, slots=True)
class Made:
    """A new link with its address, which is known here and to the payer alone."""

    link: Link
    url: str


class Offering:
    """Makes links below `base_url` that can be opened for `lasts`, and has them sent."""

    def __init__(
        self,
        links: Links,
        letters: Letters,
        clock: Clock,
        *,
        base_url: str,
        lasts: timedelta,
    ) -> None:
        self._links, self._letters, self._clock = links, letters, clock
        self._base_url, self._lasts = base_url.rstrip("/"), lasts

    async def make(
        self,
        account: AccountId,
        amount: Money,
        *,
        call: CallId | None = None,
        description: str = "",
        lasts: timedelta | None = None,
    ) -> Made:
        """A new link for one payment. Raises BadInput for an amount that cannot be paid, StoreLost."""
        check_amount(amount)
        now, token = self._clock.now(), new_token()
        link = Link(
            id=LinkId(new_id("link")),
            account=account,
            amount=amount,
            created_at=now,
            expires_at=now + (lasts or self._lasts),
            call=call,
            description=description,
        )
        await self._links.add(link, hash_of(token))
        return Made(link, f"{self._base_url}/pay/{token}")

    async def text(self, made: Made, to: str, language: str = "") -> None:
        """Send it to a telephone number (E.164). Raises BadInput, OutOfReach."""
        await self._send(made, to, language, "text")

    async def write(self, made: Made, to: str, language: str = "") -> None:
        """Send it to a mail address. Raises BadInput, OutOfReach."""
        await self._send(made, to, language, "mail")

    async def _send(self, made: Made, to: str, language: str, way: str) -> None:
        if ("@" in to) is not (way == "mail"):
            raise BadInput("a text goes to a telephone number like +15550100, mail to a mail address")
        link = made.link
        values: dict[str, Value] = {"amount": link.amount, "until": link.expires_at, "url": made.url}
        key = f"link:{link.id}:{way}"
        await self._letters.put(
            Letter("link", to, values, key, language=language, account=link.account, about=link.id)
        )
        await self._links.sent(link.id)
