"""Users over real HTTP: added, changed by version, locked, removed, a page at a time."""

import pytest

from tests.integration.access.conftest import PASSWORD, House

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SAM = {"email": "Sam@Example.com", "name": "Sam Example", "role": "agent"}


async def test_a_user_is_added_with_a_password_for_once(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    made = await admin.post("/v1/users", SAM)
    assert (made.status, made.json["email"], made.json["role"]) == (201, "sam@example.com", "agent")
    sam = house.visitor()
    assert (await sam.sign_in("sam@example.com", made.json["password"])).status == 200
    assert (await admin.post("/v1/users", SAM)).status == 400
    for wrong in ({**SAM, "role": "king"}, {**SAM, "email": "nobody"}, {**SAM, "password": "x"}):
        assert (await admin.post("/v1/users", wrong)).status == 400


async def test_a_change_names_the_version_that_was_read(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    user = (await admin.post("/v1/users", SAM)).json["id"]
    path = f"/v1/users/{user}"
    tag = (await admin.get(path)).headers["ETag"]
    assert (await admin.ask("PATCH", path, {"name": "Sam"})).status == 428
    done = await admin.ask("PATCH", path, {"name": "Sam"}, If_Match=tag)
    assert (done.status, done.json["name"]) == (200, "Sam")
    assert (await admin.ask("PATCH", path, {"name": "S."}, If_Match=tag)).code == "changed_meanwhile"
    assert (await admin.ask("PATCH", path, {"name": "S."}, If_Match="W/junk")).status == 412
    assert (await admin.ask("PATCH", path, {"name": "S."}, If_Match=done.headers["ETag"])).status == 200
    assert (await admin.ask("PATCH", path, {"name": "any"}, If_Match="*")).status == 200


async def test_a_role_counts_from_the_next_request_on(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    sam = await house.signed_in("sam@example.com", "agent")
    user = (await sam.get("/v1/session")).json["user"]["id"]
    assert (await sam.get("/v1/audit")).status == 403
    await admin.ask("PATCH", f"/v1/users/{user}", {"role": "auditor"}, If_Match="*")
    assert (await sam.get("/v1/audit")).status == 200


async def test_who_is_locked_or_removed_is_signed_out_at_once(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    sam = await house.signed_in("sam@example.com", "agent")
    path = f"/v1/users/{(await sam.get('/v1/session')).json['user']['id']}"
    await admin.ask("PATCH", path, {"locked": True}, If_Match="*")
    assert (await sam.get("/v1/session")).status == 401
    assert (await sam.post("/v1/session", {"email": "sam@example.com", "password": PASSWORD})).status == 401
    await admin.ask("PATCH", path, {"locked": False}, If_Match="*")
    assert (await sam.sign_in("sam@example.com")).status == 200
    assert (await admin.ask("DELETE", path)).status == 204
    assert (await sam.get("/v1/session")).status == 401
    assert (await admin.get(path)).status == 404


async def test_the_last_admin_stays(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    path = f"/v1/users/{(await admin.get('/v1/session')).json['user']['id']}"
    assert (await admin.ask("DELETE", path)).code == "refused"
    assert (await admin.ask("PATCH", path, {"role": "agent"}, If_Match="*")).code == "refused"


async def test_users_keys_and_the_log_are_listed_a_page_at_a_time(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    for n in range(4):
        await admin.post("/v1/users", {**SAM, "email": f"sam{n}@example.com"})
        await admin.post("/v1/keys", {"name": f"key {n}", "scopes": ["users:read"]})
    for path, key, count in (
        ("/v1/users", "id", 5),
        ("/v1/keys", "id", 4),
        ("/v1/audit?action=user added", "seq", 5),
    ):
        seen: list[object] = []
        cursor: str | None = ""
        while cursor is not None:
            more = "&" if "?" in path else "?"
            page = (await admin.get(f"{path}{more}limit=2&cursor={cursor}")).json
            seen += [one[key] for one in page["data"]]
            cursor = page["next_cursor"]
        assert (len(seen), len(set(seen))) == (count, count)
    assert (await admin.get("/v1/audit?from=yesterday")).status == 400
    assert (await admin.get("/v1/audit?cursor=x")).status == 400
