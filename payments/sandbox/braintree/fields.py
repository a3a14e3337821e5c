"""Braintree's scripts and frames, as the emulator stands in for them, and the token that they start with."""

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from payments.gateways.braintree.xml import document
from payments.sandbox.braintree.cards import XML
from payments.sandbox.dialect import Answer, Call, Route
from payments.sandbox.hosted import HTML

_FOLDER: Final = Path(__file__).parent / "pages"
_SCRIPT: Final = "text/javascript"
_FIELDS: Final = {"number": "Card number", "expirationDate": "Expiry date", "cvv": "Security code"}


def routes() -> Sequence[Route]:
    """What a payer's browser fetches; no key is asked for."""
    return [
        Route("GET", "/web/{version}/js/{name}.min.js", _script),
        Route("GET", "/web/fields/{name}", _field),
    ]


def client_token(asked: Any, base: str) -> Answer:
    """POST /client_token: what it holds is the vendor's business, but that it is Base64 over JSON."""
    told = {
        "version": 2,
        "configUrl": f"{base}/merchants/sandbox/client_api/v1/configuration",
        "merchantAccountId": asked.get("merchant_account_id") or "sandbox",
    }
    value = base64.b64encode(json.dumps(told).encode()).decode()
    return Answer(201, document("client_token", {"value": value}), kind=XML)


def _script(call: Call) -> Answer:
    name = call.names["name"]
    if name not in {"client", "hosted-fields"}:
        return Answer(404, "")
    return Answer(200, (_FOLDER / f"{name}.js").read_text("utf-8"), kind=_SCRIPT)


def _field(call: Call) -> Answer:
    label = _FIELDS.get(call.names["name"])
    if label is None:
        return Answer(404, "")
    text = (_FOLDER / "field.html").read_text("utf-8")
    return Answer(200, text.replace("LABEL", escape(label)), kind=HTML)
