"""Offering links: made, sent by text or mail, and never written down with their secret."""

from dataclasses import dataclass
from datetime import timedelta

from core.clock import Clock
from core.ids import AccountId, CallId, new_id
from core.money import Money
from payments.links.link import Link, LinkId, check_amount, hash_of, new_token
from payments.links.store import Links
from payments.messages import Mail, Sms


@dataclass(frozen=True, slots=True)
class Made:
    """A new link with its address, which is known here and to the payer alone."""

    link: Link
    url: str


class Offering:
    """Makes links below `base_url` that can be opened for `lasts`; sends them in the name of `company`."""

    def __init__(
        self,
        links: Links,
        sms: Sms,
        mail: Mail,
        clock: Clock,
        *,
        base_url: str,
        lasts: timedelta,
        company: str,
    ) -> None:
        self._links, self._sms, self._mail, self._clock = links, sms, mail, clock
        self._base_url, self._lasts, self._company = base_url.rstrip("/"), lasts, company

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

    async def text(self, made: Made, to: str) -> None:
        """Send it to a telephone number (E.164). Raises OutOfReach, Refused or BadInput."""
        await self._sms.send(to, self._words(made), key=made.link.id)
        await self._links.sent(made.link.id)

    async def write(self, made: Made, to: str) -> None:
        """Send it to a mail address. Raises OutOfReach, Refused or BadInput."""
        subject = f"{self._company}: {made.link.amount.written()}"
        await self._mail.mail(to, subject, self._words(made), key=made.link.id)
        await self._links.sent(made.link.id)

    def _words(self, made: Made) -> str:
        until = made.link.expires_at.strftime("%Y-%m-%d %H:%M UTC")
        return f"{self._company}: pay {made.link.amount.written()} here until {until}: {made.url}"
