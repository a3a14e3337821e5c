"""Text messages by a JSON post that the operator describes in a file: for any other provider over HTTP."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jinja2 import StrictUndefined, Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.errors import BadInput
from core.settings import load, setting
from messages.message import MessageState, Text
from messages.sender import Accepted, Heard, Report, TurnedDown
from messages.senders.http import Request, found_at, from_json, posted

_FROM_ENVIRONMENT: Final = "env:"


@dataclass(frozen=True, slots=True)
class RequestShape:
    """What is posted."""

    url: str = setting("", "Where to.")
    body: str = setting(
        "",
        "The JSON, as a template with `to`, `text`, `sender` and `key`: {{ to | tojson }}.",
    )
    header: str = setting("Authorization", "The header that says who we are.")
    value: str = setting("", "Its value; `env:NAME` takes it from the environment.")
    ref_at: str = setting("id", "Where the answer has the message's id, such as `messages.0.id`.")


@dataclass(frozen=True, slots=True)
class ReportShape:
    """What the provider posts to us about a message, as JSON."""

    secret: str = setting("", "What it must give as `?secret=`; empty: no reports are taken.")
    ref_at: str = setting("id", "Where a report has the message's id.")
    state_at: str = setting("status", "Where it has the state.")
    delivered: tuple[str, ...] = setting(("delivered", "DELIVRD"), "States that mean delivered.")
    failed: tuple[str, ...] = setting(("failed", "undelivered", "UNDELIV", "REJECTD"), "And failed.")


@dataclass(frozen=True, slots=True)
class Shape:
    """The operator's file: a section for what goes out, and one for what comes back."""

    request: RequestShape = field(default_factory=RequestShape)
    report: ReportShape = field(default_factory=ReportShape)


def read_shape(file: Path, environ: Mapping[str, str]) -> Shape:
    """The operator's file. Raises BadInput with what is wrong in it; secrets are not repeated."""
    shape = load(Shape, file, {})
    given = shape.request.value
    if given.startswith(_FROM_ENVIRONMENT):
        name = given.removeprefix(_FROM_ENVIRONMENT)
        if name not in environ:
            raise BadInput(f"{file}: request.value names {name}, which the environment does not have")
        given = environ[name]
    request = shape.request
    filled = RequestShape(request.url, request.body, request.header, given, request.ref_at)
    if not request.url.startswith(("https://", "http://")):
        raise BadInput(f"{file}: request.url must be an address such as https://sms.example.com/v1/messages")
    return Shape(filled, shape.report)


class JsonSender:
    """One post a message, in the provider's own shape."""

    name = "json"
    keeps = False

    def __init__(self, shape: Shape, sender: str, within_s: float = 15.0) -> None:
        """Raises BadInput for a body that is no template, or does not become JSON."""
        self._shape, self._sender, self._within_s = shape, sender, within_s
        self._body = _template(shape.request.body)
        self._filled(Text("+15550100", 'A "text"\nof two lines'), "key")

    async def send_text(self, text: Text, *, key: str) -> Accepted | TurnedDown:
        """As TextSender says."""
        shape = self._shape.request
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if shape.value:
            headers[shape.header] = shape.value
        answer = await posted(Request(shape.url, self._filled(text, key), headers), self._within_s)
        if isinstance(answer, TurnedDown):
            return answer
        ref = found_at(answer, shape.ref_at)
        return Accepted((str(ref),) if ref not in (None, "") else ())

    def heard(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Report | Heard:
        """As Listens says: whoever knows the secret is believed."""
        shape = self._shape.report
        secret = query.get("secret", "")
        if not shape.secret or not hmac.compare_digest(secret.encode(), shape.secret.encode()):
            return Heard.NOT_BELIEVED
        told = from_json(body)
        ref, state = str(found_at(told, shape.ref_at) or ""), str(found_at(told, shape.state_at) or "")
        if state in shape.delivered:
            return Report(self.name, ref, MessageState.DELIVERED)
        if state in shape.failed:
            return Report(self.name, ref, MessageState.FAILED, state[:100])
        return Heard.NOTHING

    def _filled(self, text: Text, key: str) -> bytes:
        try:
            body = self._body.render(to=text.to, text=text.text, sender=self._sender, key=key)
            return json.dumps(json.loads(body), ensure_ascii=False).encode()
        except (TemplateError, ValueError, TypeError) as error:
            raise BadInput(f"request.body of the text messages does not become JSON: {error}") from None


def _template(body: str) -> Template:
    try:
        return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False).from_string(body)
    except TemplateError as error:
        raise BadInput(f"request.body of the text messages is no template: {error}") from None
