"""Signing in over real HTTP: step by step, and everything that somebody might try instead."""

import statistics
import time
from datetime import timedelta

import anyio
import pytest

from db.sign_ins import IDLE
from db.tries import LOCKED, MOST
from db.users import Change
from tests.integration.access.conftest import PASSWORD, House, OpenHouse, Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ROBIN = "robin@example.com"


async def test_a_user_signs_in_and_out(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    session = (await robin.get("/v1/session")).json
    assert (session["user"]["email"], session["user"]["role"], session["idle_s"]) == (ROBIN, "admin", 900)
    assert "users:write" in session["scopes"]
    cookie = robin.cookie
    assert (await robin.ask("DELETE", "/v1/session")).status == 204
    assert robin.cookie == ""
    [row] = await house.rows("signed in")
    assert (row.by, row.address) == (session["user"]["id"], "127.0.0.1")
    stolen = house.visitor(Cookie=f"tellerline_session={cookie}")
    assert (await stolen.get("/v1/session")).status == 401


async def test_who_signs_in_where_somebody_sat_ends_their_session(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    before = robin.cookie
    await house.user("sam@example.com")
    await robin.sign_in("sam@example.com")
    assert (await robin.get("/v1/session")).json["user"]["email"] == "sam@example.com"
    assert (await house.visitor(Cookie=f"tellerline_session={before}").get("/v1/session")).status == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(house: House) -> None:
    await house.user(ROBIN)
    visitor = house.visitor()
    answer = await visitor.post("/v1/session", {"email": ROBIN, "password": PASSWORD})
    parts = {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert "secure" not in parts  # plain http, on this very machine


async def test_wrong_and_unknown_are_answered_with_the_same_words(house: House) -> None:
    await house.user(ROBIN)
    locked = await house.user("sam@example.com")
    await house.stores.users.change(locked.id, Change(locked=True))
    asked = [
        {"email": ROBIN, "password": "wrong wrong wrong"},
        {"email": "nobody@example.com", "password": PASSWORD},
        {"email": "sam@example.com", "password": PASSWORD},
    ]
    answers = [await house.visitor().post("/v1/session", body) for body in asked]
    assert {(one.status, one.text) for one in answers} == {(401, answers[0].text)}
    refused = await house.rows("sign-in refused")
    assert [one.subject == "unknown" for one in refused] == [False, True, False]


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(house: House) -> None:
    await house.user(ROBIN)
    took: dict[str, list[float]] = {ROBIN: [], "nobody@example.com": []}
    for _ in range(5):
        for email, times in took.items():
            began = time.perf_counter()
            await house.visitor().post("/v1/session", {"email": email, "password": "wrong wrong wrong"})
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.5 < unknown / known < 2


@pytest.mark.parametrize("email", [ROBIN, "nobody@example.com"])
async def test_after_ten_wrong_passwords_the_right_one_is_refused_too_for_half_an_hour(
    house: House, email: str
) -> None:
    await house.user(ROBIN)
    codes = [await _wrong(house, email) for _ in range(MOST + 2)]
    assert codes == ["wrong_credentials"] * MOST + ["locked"] * 2
    answer = await house.visitor().post("/v1/session", {"email": email, "password": PASSWORD})
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "locked", "1800")
    house.clock.advance(LOCKED)
    answer = await house.visitor().post("/v1/session", {"email": email, "password": PASSWORD})
    assert answer.status == (200 if email == ROBIN else 401)


async def test_a_hundred_passwords_at_once_are_not_a_way_around_the_lock(house: House) -> None:
    await house.user(ROBIN)
    codes: list[str] = []

    async def attempt() -> None:
        codes.append(await _wrong(house, ROBIN))

    async with anyio.create_task_group() as tasks:
        for _ in range(40):
            tasks.start_soon(attempt)
    assert codes.count("wrong_credentials") == MOST


async def test_one_address_may_not_try_many_users(opened: OpenHouse) -> None:
    house = await opened(sign_ins_per_minute=5)
    answers = [
        await house.visitor().post("/v1/session", {"email": f"{n}@example.com", "password": PASSWORD})
        for n in range(7)
    ]
    assert [one.status for one in answers] == [401] * 5 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[0].headers["RateLimit-Remaining"] == "4"
    house.clock.advance(timedelta(minutes=1))
    assert (await house.visitor().post("/v1/session", {"email": ROBIN, "password": PASSWORD})).status == 401


async def test_a_one_time_password_opens_nothing_but_the_way_to_another(house: House) -> None:
    user = await house.user(ROBIN)
    once, visitor = await house.once(user), house.visitor()
    assert (await visitor.sign_in(ROBIN, once)).status == 200
    session = (await visitor.get("/v1/session")).json
    assert (session["to_do"], session["scopes"]) == (["password"], ["open", "self"])
    assert (await visitor.get("/v1/users")).status == 403
    changed = await visitor.post("/v1/session/password", {"current": once, "new": PASSWORD})
    assert changed.status == 200
    assert (await visitor.get("/v1/users")).status == 200
    assert (await house.visitor().sign_in(ROBIN, once)).status == 401


async def test_a_one_time_password_is_over_after_three_days(house: House) -> None:
    once = await house.once(await house.user(ROBIN))
    house.clock.advance(timedelta(hours=72, seconds=1))
    assert (await house.visitor().sign_in(ROBIN, once)).status == 401


async def test_who_needs_a_second_factor_may_do_nothing_before_it_is_there(opened: OpenHouse) -> None:
    house = await opened(second_factor=True)
    robin = await house.signed_in(ROBIN)
    assert (await robin.get("/v1/session")).json["to_do"] == ["second_factor"]
    assert (await robin.get("/v1/users")).status == 403
    await house.with_app(robin)
    assert (await robin.get("/v1/users")).status == 200


async def test_a_change_of_the_password_ends_every_other_browser(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    other = house.visitor()
    await other.sign_in(ROBIN)
    before = robin.cookie
    new = {"current": PASSWORD, "new": "eight noisy otters"}
    assert (await robin.post("/v1/session/password", {**new, "current": "wrong wrong wrong"})).status == 401
    assert (await robin.post("/v1/session/password", {**new, "new": "password1234"})).status == 400
    assert (await other.get("/v1/session")).status == 200
    assert (await robin.post("/v1/session/password", new)).status == 200
    assert robin.cookie != before
    assert (await robin.get("/v1/session")).status == 200
    assert (await other.get("/v1/session")).status == 401
    assert (await house.visitor(Cookie=f"tellerline_session={before}").get("/v1/session")).status == 401


async def test_a_browser_that_is_silent_for_15_minutes_is_signed_out(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    house.clock.advance(IDLE - timedelta(minutes=1))
    assert (await robin.get("/v1/users")).status == 200
    house.clock.advance(IDLE)
    assert (await robin.get("/v1/users")).status == 401


async def test_a_code_of_the_app_is_asked_for_and_is_good_once(house: House) -> None:
    robin = await house.signed_in(ROBIN)
    app, _ = await house.with_app(robin)
    used = app.at(house.clock.now())
    house.clock.advance(timedelta(seconds=30))
    first, code = house.visitor(), app.at(house.clock.now())
    step = await first.sign_in(ROBIN)
    assert step.json["second_factor"] == "totp"
    half = first.cookie
    assert (await first.get("/v1/users")).status == 401
    assert (await first.post("/v1/session/totp", {"code": used})).code == "wrong_credentials"
    assert (await first.post("/v1/session/totp", {"code": code})).json["second_factor"] == "none"
    assert first.cookie != half
    assert (await first.get("/v1/users")).status == 200

    second = house.visitor()
    await second.sign_in(ROBIN)
    assert (await second.post("/v1/session/totp", {"code": code})).code == "wrong_credentials"
    assert (
        await house.visitor(Cookie=f"tellerline_session={half}").post("/v1/session/totp", {"code": code})
    ).status == 401


async def test_codes_are_not_guessed_by_whoever_has_the_password(house: House) -> None:
    app, _ = await house.with_app(await house.signed_in(ROBIN))
    house.clock.advance(timedelta(seconds=90))
    right, codes = app.at(house.clock.now()), []
    for _ in range(MOST + 1):
        visitor = house.visitor()
        step = await visitor.sign_in(ROBIN)
        if step.status == 200:
            step = await visitor.post(
                "/v1/session/totp", {"code": "000000" if right != "000000" else "1" * 6}
            )
        codes.append(step.code)
    assert codes == ["wrong_credentials"] * MOST + ["locked"]


async def test_a_recovery_code_lets_in_once(house: House) -> None:
    _, codes = await house.with_app(await house.signed_in(ROBIN))
    for expected in (200, 401):
        visitor = house.visitor()
        await visitor.sign_in(ROBIN)
        assert (await visitor.post("/v1/session/totp", {"code": codes[0].upper()})).status == expected
    assert [one.detail["left"] for one in await house.rows("recovery code used")] == [9]


async def test_nobody_waits_for_the_second_step_longer_than_five_minutes(house: House) -> None:
    app, _ = await house.with_app(await house.signed_in(ROBIN))
    visitor = house.visitor()
    await visitor.sign_in(ROBIN)
    house.clock.advance(timedelta(minutes=5))
    assert (
        await visitor.post("/v1/session/totp", {"code": app.at(house.clock.now())})
    ).code == "unauthorized"


async def test_an_admin_unlocks_and_resets(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    user = await house.user(ROBIN, "agent")
    robin = house.visitor()
    await robin.sign_in(ROBIN)
    await house.with_app(robin)
    for _ in range(MOST + 1):
        await _wrong(house, ROBIN)
    shown = await admin.get(f"/v1/users/{user.id}")
    assert shown.json["tries_locked_until"] is not None
    reset = await admin.post(f"/v1/users/{user.id}/reset")
    assert (reset.status, reset.json["totp"]) == (200, False)
    assert (await robin.get("/v1/session")).status == 401
    step = await house.visitor().sign_in(ROBIN, reset.json["password"])
    assert (step.status, step.json["second_factor"]) == (200, "none")


async def _wrong(house: House, email: str) -> str:
    answer = await house.visitor().post("/v1/session", {"email": email, "password": "wrong wrong wrong"})
    return answer.code


async def test_what_is_no_form_of_ours_is_refused(house: House) -> None:
    visitor: Visitor = house.visitor()
    wrong: list[object] = [
        {},
        [],
        {"email": ROBIN},
        {"email": ROBIN, "password": "x", "role": "admin"},
        {"email": 1},
    ]
    for body in wrong:
        assert (await visitor.post("/v1/session", body)).status == 400
    assert (await visitor.post("/v1/session", {"email": ROBIN, "password": "x" * 100_000})).status == 413
