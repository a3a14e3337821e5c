"""Passkeys over real HTTP, by a security key in software: made, asked for, copied, replayed."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.access.authenticator import Authenticator
from tests.integration.access.conftest import House, Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ROBIN = "robin@example.com"
_AT = "/v1/users/me/webauthn"


async def _registered(house: House, visitor: Visitor, name: str = "blue key") -> Authenticator:
    key = Authenticator(house.url)
    options = (await visitor.post(f"{_AT}/options")).json
    made = await visitor.post(_AT, {"name": name, "credential": key.create(options)})
    assert made.status == 201, made.text
    return key


async def _asked(house: House) -> tuple[Visitor, Any]:
    visitor = house.visitor()
    step = await visitor.sign_in(ROBIN)
    assert step.json["second_factor"] == "webauthn"
    return visitor, (await visitor.post("/v1/session/webauthn/options")).json


async def test_a_passkey_signs_in(house: House) -> None:
    key = await _registered(house, await house.signed_in(ROBIN))
    visitor, options = await _asked(house)
    assert (await visitor.get("/v1/users")).status == 401
    done = await visitor.post("/v1/session/webauthn", key.get(options))
    assert (done.status, done.json["second_factor"]) == (200, "none")
    assert (await visitor.get("/v1/session")).json["user"]["webauthn"] is True
    [listed] = (await visitor.get(_AT)).json["data"]
    assert (listed["name"], listed["used_at"] is not None) == ("blue key", True)


async def test_what_a_passkey_signed_is_good_once(house: House) -> None:
    key = await _registered(house, await house.signed_in(ROBIN))
    first, options = await _asked(house)
    signed = key.get(options)
    assert (await first.post("/v1/session/webauthn", signed)).status == 200
    second, _ = await _asked(house)
    assert (await second.post("/v1/session/webauthn", signed)).code == "wrong_credentials"
    assert (await second.post("/v1/session/webauthn", signed)).code == "wrong_credentials"


async def test_a_passkey_whose_counter_goes_back_is_a_copy(house: House) -> None:
    key = await _registered(house, await house.signed_in(ROBIN))
    visitor, options = await _asked(house)
    assert (await visitor.post("/v1/session/webauthn", key.get(options))).status == 200
    key.counter = 0
    visitor, options = await _asked(house)
    assert (await visitor.post("/v1/session/webauthn", key.get(options))).code == "wrong_credentials"


async def test_a_passkey_that_signs_for_another_page_or_is_another_is_refused(house: House) -> None:
    key = await _registered(house, await house.signed_in(ROBIN))
    elsewhere = Authenticator("https://evil.example.com", id=key.id, key=key.key)
    forged = Authenticator(house.url, id=key.id)
    unknown = Authenticator(house.url)
    for bad in (elsewhere, forged, unknown):
        visitor, options = await _asked(house)
        bad.counter = 100
        assert (await visitor.post("/v1/session/webauthn", bad.get(options))).code == "wrong_credentials"


async def test_nonsense_for_a_passkey_is_refused(house: House) -> None:
    visitor = await house.signed_in(ROBIN)
    options = (await visitor.post(f"{_AT}/options")).json
    good = Authenticator(house.url).create(options)
    for bad in ({}, {**good, "response": {}}, {**good, "rawId": "AA"}, {"id": 1}):
        await visitor.post(f"{_AT}/options")
        assert (await visitor.post(_AT, {"credential": bad})).status == 400
    assert (await visitor.post(_AT, {"credential": good})).status == 400  # its challenge is gone
    await _registered(house, visitor)
    half, _ = await _asked(house)
    for bad in ({}, {"id": "x"}, {"id": 1, "response": []}):
        assert (await half.post("/v1/session/webauthn", bad)).status == 401


async def test_a_passkey_of_somebody_else_does_not_sign_in(house: House) -> None:
    await _registered(house, await house.signed_in(ROBIN))
    theirs = await _registered(house, await house.signed_in("sam@example.com"))
    visitor, options = await _asked(house)
    assert (await visitor.post("/v1/session/webauthn", theirs.get(options))).code == "wrong_credentials"


async def test_only_who_signed_in_a_moment_ago_takes_a_factor_away(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    key = await _registered(house, robin)
    [shown] = (await robin.get(_AT)).json["data"]
    assert shown["id"]
    for _ in range(2):
        house.clock.advance(timedelta(minutes=10))
        await robin.get("/v1/session")
    assert (await robin.ask("DELETE", f"{_AT}/{shown['id']}")).code == "sign_in_again"
    fresh, options = await _asked(house)
    await fresh.post("/v1/session/webauthn", key.get(options))
    await fresh.look()
    assert (await fresh.ask("DELETE", f"{_AT}/{shown['id']}")).status == 204
    assert (await fresh.ask("DELETE", f"{_AT}/{shown['id']}")).status == 404


async def test_factors_are_their_owners(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    sam = await house.user("sam@example.com", "agent")
    for method, path in (
        ("POST", "totp"),
        ("DELETE", "totp"),
        ("POST", "webauthn/options"),
        ("GET", "webauthn"),
    ):
        assert (await admin.ask(method, f"/v1/users/{sam.id}/{path}")).code == "not_allowed"
