"""Text messages by a form as Twilio and others take it: From, To, Body; reports are forms, signed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode

from messages.message import MessageState, Text
from messages.sender import Accepted, Heard, Report, TurnedDown
from messages.senders.http import Request, found_at, posted

_DELIVERED: Final = frozenset({"delivered", "read"})
_FAILED: Final = frozenset({"failed", "undelivered", "canceled"})


@dataclass(frozen=True, slots=True)
class FormAccount:
    """An account at such a provider; `callback` is the address under which it finds us, or empty."""

    url: str
    user: str
    password: str = field(repr=False)
    sender: str
    callback: str = ""
    within_s: float = 15.0


class FormSender:
    """One post a message; the answer is JSON whose `sid` names it."""

    name = "form"
    keeps = False

    def __init__(self, account: FormAccount) -> None:
        self._account = account

    async def send_text(self, text: Text, *, key: str) -> Accepted | TurnedDown:
        """As TextSender says."""
        account = self._account
        fields = {"From": account.sender, "To": text.to, "Body": text.text}
        if account.callback:
            fields["StatusCallback"] = account.callback
        request = Request(
            account.url,
            urlencode(fields).encode(),
            {
                "Authorization": self._basic(),
                "Content-Type": "application/x-www-form-urlencoded",
                "Idempotency-Key": key,
            },
        )
        answer = await posted(request, account.within_s)
        if isinstance(answer, TurnedDown):
            return answer
        ref = found_at(answer, "sid")
        return Accepted((str(ref),) if ref else ())

    def heard(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Report | Heard:
        """As Listens says. The signature is HMAC-SHA1 under the password, over address and sorted fields."""
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        signature = {name.lower(): value for name, value in headers.items()}.get("x-twilio-signature", "")
        if not hmac.compare_digest(self._signature(fields).encode(), signature.encode()):
            return Heard.NOT_BELIEVED
        ref, status = fields.get("MessageSid", ""), fields.get("MessageStatus", "").lower()
        if status in _DELIVERED:
            return Report(self.name, ref, MessageState.DELIVERED)
        if status in _FAILED:
            code = fields.get("ErrorCode", "")
            why = f"{status} (error {code})" if code.isdigit() else status
            return Report(self.name, ref, MessageState.FAILED, why)
        return Heard.NOTHING

    def _basic(self) -> str:
        both = f"{self._account.user}:{self._account.password}"
        return f"Basic {base64.b64encode(both.encode()).decode()}"

    def _signature(self, fields: Mapping[str, str]) -> str:
        signed = self._account.callback + "".join(f"{name}{fields[name]}" for name in sorted(fields))
        made = hmac.digest(self._account.password.encode(), signed.encode(), hashlib.sha1)
        return base64.b64encode(made).decode()
