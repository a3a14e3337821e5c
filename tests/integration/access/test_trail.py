"""The audit log knows of every change and of every look at people: tried at each door of the line."""

import pytest

from api.scopes import Scope
from tests.contract.doors import path_to
from tests.integration.access.conftest import OpenHouse, doors

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_WRITTEN_ELSEWHERE = {
    "POST /v1/session": "signed in, or refused (api.access.signing_in)",
    "POST /v1/session/totp": "the same",
    "POST /v1/session/webauthn": "the same",
    "POST /v1/session/webauthn/options": "it draws a challenge, and changes nothing",
    "POST /webhooks/{gateway}": "what it moves, by whoever moves it (payments, disputes)",
    "POST /messages/reports/{sender}": "the state of a message (messages)",
    "POST /pay/{token}": "the payment (payments)",
    "POST /pay/{token}/back": "the payment (payments)",
    "POST /pay/{token}/card": "the payment (payments)",
}
"""Open doors that change something: the gate knows nobody there; here stands who writes it down."""


async def test_every_change_and_every_look_at_people_is_written_down_before_it_is_done(
    opened: OpenHouse,
) -> None:
    house = await opened(doors(), per_minute=0)
    operator = house.program(house.settings.api.key)
    for door in doors():
        answer = await operator.ask(door.method, path_to(door))
        assert answer.status == 204, door.path
    asked = {(row.detail["method"], row.subject) for row in await house.rows("api asked")}
    read = {row.subject for row in await house.rows("api read")}
    behind = [door for door in doors() if door.scope is not Scope.OPEN]
    assert asked == {(one.method, path_to(one)) for one in behind if one.method != "GET"}
    assert read == {path_to(one) for one in behind if one.method == "GET" and one.sensitive}


def test_an_open_door_that_changes_something_says_who_writes_it_down() -> None:
    changing = {f"{one.method} {one.path}" for one in doors() if one.scope is Scope.OPEN}
    assert {name for name in changing if not name.startswith("GET ")} == set(_WRITTEN_ELSEWHERE)
