"""The rules that every route keeps: a new one without a rule fails here, and says what to do."""

import re

from api.roles import SCOPES, Role
from api.route import AnyRoute
from api.scopes import Scope
from node.opened import every_route

_OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /v1/openapi.json",
    "GET /docs",
    "GET /",
    "GET /{path}",
    "POST /messages/reports/{sender}",
    "POST /v1/session",
    "POST /v1/session/totp",
    "POST /v1/session/webauthn",
    "POST /v1/session/webauthn/options",
    "POST /webhooks/{gateway}",
    "GET /pay/{token}",
    "POST /pay/{token}",
    "GET /pay/{token}/back",
    "POST /pay/{token}/back",
    "POST /pay/{token}/card",
    "GET /pay/fields/{vendor}.js",
    "GET /v1/open-phone",  # answers where the operator opened a telephone, and tells of its calls alone
    "GET /v1/open-phone/live",
    "GET /v1/open-phone/signal",
}
"""What needs no sign-in. Whoever opens one more says here that it tells nothing of anybody."""

_LOOKS_BY_ACTING = {
    "GET /v1/calls/{call}/payments/{id}",
    "GET /v1/tools",
    "GET /v1/phone",
    "GET /v1/phone/signal",
}
"""What is read by those alone who also act."""

_NOT_REPLAYED = {
    "POST /v1/calls/{call}/payments": "a capture knows its keys itself, and shows itself as it is now",
    "POST /v1/calls/{call}/payments/{id}": "the same",
    "POST /2010-04-01/Accounts/{account}/Calls/{call}/Payments.json": "the same",
    "POST /2010-04-01/Accounts/{account}/Calls/{call}/Payments/{id}.json": "the same",
    "POST /v1/calls/{call}/tools/{tool}": "the same",
    "POST /v1/calls/{id}/listen": "a ticket is used once, within a minute",
    "POST /webhooks/{gateway}": "a gateway's event has an id, and counts once",
    "POST /messages/reports/{sender}": "a sender's report is a state, and comes as often as it likes",
    "POST /pay/{token}": "a link is paid once",
    "POST /pay/{token}/card": "a link is paid once",
    "POST /pay/{token}/back": "it asks the gateway what became of the payment",
    "POST /v1/session": "who signs in is not known yet",
    "POST /v1/session/totp": "the same",
    "POST /v1/session/webauthn": "the same",
    "POST /v1/session/webauthn/options": "the same",
    "POST /v1/session/password": "it ends the session that asks",
    "POST /v1/users/{id}/totp": "it draws a secret that counts once it is confirmed",
    "POST /v1/users/{id}/webauthn": "its challenge is used once",
    "POST /v1/users/{id}/webauthn/options": "it draws a challenge that counts for minutes",
    "POST /v1/tokens": "a token lasts five minutes",
    "POST /v1/prompts/preview": "it changes nothing",
    "POST /v1/flows/check": "it changes nothing",
    "POST /v1/flows/walk": "it changes nothing",
    "POST /v1/templates/{id}/preview": "it changes nothing",
    "POST /v1/settlements": "a report's batches have ids, and count once",
}
"""POSTs whose answers are not kept. Whoever adds one says here why asking twice does no harm."""

_TELLS_OF_PEOPLE = frozenset({Scope.CALLS_READ, Scope.LIVE_READ, Scope.AUDIT_READ, Scope.MESSAGES_READ})
"""Reading names, numbers, what was said, or the audit log: it stands in that log (PCI DSS 10.2.1)."""


def _named(scopes: frozenset[Scope] | None = None) -> dict[str, Scope]:
    return {_name(one): one.scope for one in every_route() if scopes is None or one.scope in scopes}


def _name(route: AnyRoute) -> str:
    return f"{route.method} {re.sub(r':[^{}]*', '', route.path)}"


def test_only_routes_that_are_named_here_are_open_to_all() -> None:
    assert set(_named(frozenset({Scope.OPEN}))) == _OPEN, (
        "a new open route: name it in _OPEN, or give it a scope"
    )


def test_every_post_takes_an_idempotency_key_or_says_why_it_needs_none() -> None:
    without = {_name(one) for one in every_route() if one.method == "POST" and not one.replays}
    assert without == set(_NOT_REPLAYED), "keep its answers (replays=True), or name it in _NOT_REPLAYED"


def test_what_is_edited_shows_its_version_where_it_is_read() -> None:
    edited = {one.path for one in every_route() if one.edits and one.method != "GET"}
    shown = {one.path for one in every_route() if one.edits and one.method == "GET"}
    assert edited <= shown, "whoever changes it must be able to read its ETag at the same address"


def test_what_changes_something_asks_for_more_than_a_look() -> None:
    lax = [
        name
        for name, scope in _named().items()
        if not name.startswith("GET ") and scope.endswith(":read") and scope is not Scope.OPEN
    ]
    assert not lax, "these change something: give them an :act or a :write scope"


def test_who_only_looks_is_not_kept_from_looking() -> None:
    strict = {
        name
        for name, scope in _named().items()
        if name.startswith("GET ") and scope.endswith((":act", ":write"))
    }
    assert strict <= _LOOKS_BY_ACTING, "these only look: give them a :read scope"


def test_reading_of_people_stands_in_the_audit_log() -> None:
    silent = [
        _name(one)
        for one in every_route()
        if one.method == "GET" and one.scope in _TELLS_OF_PEOPLE and not one.sensitive
    ]
    assert not silent, "these tell of people: mark them sensitive=True"


def test_every_scope_is_given_to_somebody_beside_the_administrator_or_is_theirs_alone() -> None:
    others = frozenset().union(*(SCOPES[role] for role in Role if role is not Role.ADMIN))
    assert frozenset(Scope) - others == {Scope.USERS_WRITE, Scope.KEYS_WRITE}
