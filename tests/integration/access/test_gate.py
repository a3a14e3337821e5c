"""The gate in front of every route: each role at each door, other pages, stolen and forged papers."""

import base64
import json
from datetime import timedelta
from typing import Any

import aiohttp
import anyio
import pytest
from aiohttp import encode_basic_auth, web
from joserfc import jwt
from joserfc.jwk import OctKey

from api.access import sockets
from api.access.cookie import csrf_of
from api.access.tokens import LASTS
from api.role_matrix import may
from api.roles import Role
from api.route import Asked, Route
from api.scopes import Scope
from db.sign_ins import IDLE, Browser
from db.users import Change, User
from tests.contract.doors import path_to
from tests.integration.access.conftest import PASSWORD, House, OpenHouse, Visitor, doors

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ROBIN = "robin@example.com"


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_passes_the_doors_of_the_matrix_and_no_other(opened: OpenHouse, role: Role) -> None:
    house = await opened(doors(), per_minute=0)
    user = await house.user(ROBIN, role)
    visitor = await _with_cookie(house, user)
    for door in doors():
        answer = await visitor.ask(door.method, path_to(door))
        assert answer.status == (204 if may(role, door.scope) else 403), f"{door.method} {door.path}"


async def test_nobody_passes_a_door_that_is_not_open(opened: OpenHouse) -> None:
    house = await opened(doors(), per_minute=0)
    nobody = house.visitor()
    for door in doors():
        answer = await nobody.ask(door.method, path_to(door))
        assert answer.status == (204 if door.scope is Scope.OPEN else 401), f"{door.method} {door.path}"


async def _with_cookie(house: House, user: User) -> Visitor:
    """A browser of somebody who is signed in, where the routes of signing in lead nowhere."""
    cookie = await house.stores.sign_ins.begin(user, Browser("127.0.0.1", "Example/1.0"), whole=True)
    return house.visitor(Cookie=f"tellerline_session={cookie}", X_CSRF_Token=csrf_of(cookie))


async def test_a_change_needs_the_token_of_our_own_page(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    order = {"email": "sam@example.com", "role": "agent"}
    token = robin.csrf
    for wrong in ("", "x", token[:-1], token + "a"):
        robin.csrf = wrong
        answer = await robin.post("/v1/users", order)
        assert (answer.status, answer.code) == (403, "wrong_csrf")
    other = await house.signed_in("other@example.com")
    robin.csrf = other.csrf
    assert (await robin.post("/v1/users", order)).code == "wrong_csrf"
    robin.csrf = token
    assert (await robin.post("/v1/users", order)).status == 201


async def test_a_page_of_somebody_else_is_refused_even_with_the_token(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    order = {"email": "sam@example.com", "role": "agent"}
    for origin in ("https://evil.example.com", "null", house.url.replace("localhost", "127.0.0.1")):
        assert (await robin.post("/v1/users", order, Origin=origin)).code == "wrong_origin"
    assert (await robin.post("/v1/users", order, Sec_Fetch_Site="cross-site")).code == "wrong_origin"
    assert (await robin.post("/v1/users", order, Origin=house.url)).status == 201
    login = {"email": ROBIN, "password": PASSWORD}
    answer = await house.visitor().post("/v1/session", login, Origin="https://evil.example.com")
    assert answer.code == "wrong_origin"


async def test_a_socket_that_another_page_opens_is_refused(opened: OpenHouse) -> None:
    house = await opened(doors())
    visitor = await _with_cookie(house, await house.user(ROBIN))
    for origin, status in (("https://evil.example.com", 403), (house.url, 204)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await visitor.http.ws_connect(
                f"{house.url}/v1/live", headers={**visitor.headers, "Origin": origin}
            )
        assert refused.value.status == status


async def _socket(asked: Asked[None, None]) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(asked.request)
    async for _ in socket:
        pass
    return socket


@pytest.mark.parametrize("how", ["signed out", "silent", "role taken", "key revoked"])
async def test_a_socket_ends_with_what_opened_it(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(sockets, "_LOOK_S", 0.05)
    house = await opened([Route("GET", "/v1/socket", _socket, Scope.LEDGER_READ, "A socket")])
    user = await house.user(ROBIN, "finance")
    key, secret = await house.stores.keys.add("reports", ["ledger:read"], "command line")
    visitor = house.program(secret) if how == "key revoked" else await _with_cookie(house, user)
    async with visitor.http.ws_connect(f"{house.url}/v1/socket", headers=visitor.headers) as socket:
        with anyio.move_on_after(0.3):
            await socket.receive()
        assert not socket.closed
        match how:
            case "signed out":
                await house.stores.sign_ins.end(visitor.headers["Cookie"].partition("=")[2])
            case "silent":
                house.clock.advance(IDLE)
            case "role taken":
                await house.stores.users.change(user.id, Change(role="telecom"))
            case _:
                await house.stores.keys.revoke(key.id)
        with anyio.fail_after(5):
            assert (await socket.receive()).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}


async def test_no_other_site_reads_anything_by_cors(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    answer = await robin.get("/v1/users", Origin="https://evil.example.com")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    preflight = await robin.ask(
        "OPTIONS", "/v1/users", Origin="https://evil.example.com", Access_Control_Request_Method="POST"
    )
    assert preflight.status == 405


async def test_a_key_may_what_its_scopes_say_and_shows_when_it_was_used(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    made = (await admin.post("/v1/keys", {"name": "billing", "scopes": ["users:read"]})).json
    program = house.program(made["key"])
    assert (await program.get("/v1/users")).status == 200
    assert (await program.get("/v1/audit")).json["detail"] == "this needs the right audit:read"
    assert (await program.post("/v1/users", {"email": "sam@example.com", "role": "agent"})).status == 403
    [shown] = (await admin.get("/v1/keys")).json["data"]
    assert shown["used_at"] is not None
    assert "key" not in shown
    assert made["key"].startswith(shown["start"])
    assert (await admin.ask("DELETE", f"/v1/keys/{shown['id']}")).status == 204
    assert (await program.get("/v1/users")).status == 401


async def test_nobody_gives_a_right_that_they_do_not_have(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    order = {"name": "hiring", "scopes": ["users:write", "users:read", "keys:write"]}
    program = house.program((await admin.post("/v1/keys", order)).json["key"])
    wider = await program.post("/v1/keys", {"name": "more", "scopes": ["payments:act"]})
    assert (wider.status, wider.code) == (403, "not_allowed")
    assert (await program.post("/v1/users", {"email": "sam@example.com", "role": "admin"})).status == 403
    victim = (await admin.get("/v1/session")).json["user"]["id"]
    assert (await program.post(f"/v1/users/{victim}/reset")).status == 403


async def test_a_token_may_no_more_than_its_key_for_five_minutes(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    order = {"name": "reports", "scopes": ["users:read", "audit:read"]}
    key = (await admin.post("/v1/keys", order)).json
    program = house.program(key["key"])
    assert (await program.post("/v1/tokens", {"scopes": ["keys:write"]})).code == "not_allowed"
    made = (await program.post("/v1/tokens", {"scopes": ["users:read"]})).json
    assert (made["expires_in"], made["scopes"]) == (300, ["users:read"])
    service = house.program(made["token"])
    assert (await service.get("/v1/users")).status == 200
    assert (await service.get("/v1/audit")).status == 403
    assert (await service.post("/v1/tokens", {})).code == "not_allowed"
    house.clock.advance(LASTS)
    assert (await service.get("/v1/users")).status == 401


async def test_a_token_ends_with_its_key(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    key = (await admin.post("/v1/keys", {"name": "reports", "scopes": ["users:read"]})).json
    token = (await house.program(key["key"]).post("/v1/tokens", {})).json["token"]
    assert (await house.program(token).get("/v1/users")).status == 200
    await admin.ask("DELETE", f"/v1/keys/{key['id']}")
    assert (await house.program(token).get("/v1/users")).status == 401


async def test_a_token_without_a_signature_or_of_another_key_is_refused(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    key = (await admin.post("/v1/keys", {"name": "reports", "scopes": ["users:read"]})).json
    token: str = (await house.program(key["key"]).post("/v1/tokens", {})).json["token"]
    head, claims, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    secret = await house.stores.keys.token_secret()
    forged = {
        "none": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{claims}.",
        "none with a signature": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{claims}.{signature}",
        "another key": jwt.encode({"alg": "HS256"}, said, OctKey.import_key(b"k" * 32)),
        "another algorithm": jwt.encode({"alg": "HS512"}, said, OctKey.import_key(secret), ["HS512"]),
        "more scopes": f"{head}.{_part({**said, 'scope': 'users:read audit:read'})}.{signature}",
        "for others": jwt.encode({"alg": "HS256"}, {**said, "aud": "others"}, OctKey.import_key(secret)),
        "without an end": _without(said, "exp", secret),
        "of nobody": _without(said, "sub", secret),
    }
    for how, bad in forged.items():
        assert (await house.program(bad).get("/v1/users")).status == 401, how
    good = jwt.encode({"alg": "HS256"}, said, OctKey.import_key(secret))
    assert (await house.program(good).get("/v1/users")).status == 200  # the forger's tools do work


def _part(told: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _without(said: dict[str, Any], claim: str, secret: bytes) -> str:
    rest = {name: value for name, value in said.items() if name != claim}
    return jwt.encode({"alg": "HS256"}, rest, OctKey.import_key(secret))


async def test_keys_are_not_guessed(house: House) -> None:
    guesses = [await house.program(f"tl_{n}").get("/v1/users") for n in range(22)]
    assert [one.status for one in guesses] == [401] * 20 + [429] * 2
    assert len(await house.rows("api unknown key")) == 20
    house.clock.advance(timedelta(minutes=1))
    assert (await house.program(house.settings.api.key).get("/v1/users")).status == 200


async def test_a_key_may_come_as_a_password_as_libraries_of_hosted_products_send_it(house: House) -> None:
    for key, status in ((house.settings.api.key, 200), ("guess", 401)):
        program = house.visitor(Authorization=encode_basic_auth("AC01", key))
        assert (await program.get("/v1/audit")).status == status


async def test_the_operators_key_may_everything(house: House) -> None:
    operator = house.program(house.settings.api.key)
    assert (await operator.get("/v1/audit")).status == 200
    assert (await house.program("").get("/v1/audit")).status == 401


async def test_each_key_is_told_what_is_left_of_its_minute(opened: OpenHouse) -> None:
    house = await opened(per_minute=3)
    operator = house.program(house.settings.api.key)
    answers = [await operator.get("/v1/users") for _ in range(5)]
    assert [one.status for one in answers] == [200, 200, 200, 429, 429]
    assert [one.headers["RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0", "0"]
    assert (answers[0].headers["RateLimit-Limit"], answers[0].headers["RateLimit-Policy"]) == ("3", "3;w=60")
    assert answers[3].headers["Retry-After"] == answers[3].headers["RateLimit-Reset"]
    house.clock.advance(timedelta(minutes=1))
    assert (await operator.get("/v1/users")).status == 200


async def test_changes_and_looks_at_people_stand_in_the_log_with_who_and_from_where(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    robin_id = (await robin.get("/v1/session")).json["user"]["id"]
    await robin.post("/v1/users", {"email": "sam@example.com", "role": "agent"})
    await robin.get("/v1/audit")
    [asked] = await house.rows("api asked")
    assert (asked.subject, asked.by, asked.address) == ("/v1/users", robin_id, "127.0.0.1")
    added = (await house.rows("user added"))[-1]
    assert (added.by, added.address, added.detail["role"]) == (robin_id, "127.0.0.1", "agent")
    [read] = await house.rows("api read")
    assert (read.subject, read.by) == ("/v1/audit", robin_id)
    agent = await house.signed_in("kim@example.com", "agent")
    await agent.get("/v1/audit")
    [refused] = await house.rows("api refused")
    assert refused.detail["scope"] == "audit:read"


async def test_a_proxy_is_believed_where_it_is_named_and_nobody_else(opened: OpenHouse) -> None:
    plain = await opened()
    proxied = await opened(proxies=("127.0.0.1",), url="https://line.example.com")
    await plain.user(ROBIN)
    login = {"email": ROBIN, "password": PASSWORD}
    told = {"X_Forwarded_For": "203.0.113.9, 192.0.2.7", "X_Forwarded_Proto": "https"}
    answer = await plain.visitor().post("/v1/session", login, **told)
    assert "Secure" not in answer.headers["Set-Cookie"]
    answer = await proxied.visitor().post("/v1/session", login, **told)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert [one.address for one in await plain.rows("signed in")] == ["127.0.0.1", "192.0.2.7"]
    answer = await proxied.visitor().post("/v1/session", login, X_Forwarded_For="192.0.2.7")
    assert (answer.status, answer.code) == (403, "use_https")
