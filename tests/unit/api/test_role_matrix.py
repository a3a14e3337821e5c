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
