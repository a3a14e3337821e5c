"""`tellerline users` and `tellerline api-keys`, as an admin types them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from db.audit_list import AuditFilter, AuditList
from db.engine import Work
from tests.integration.access.conftest import House

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ROBIN = "robin@example.com"


class _Shell:
    """Types commands that find the house's database and its keys."""

    def __init__(self, url: str, data: Path) -> None:
        self._environment = {**os.environ, "TELLERLINE_DATABASE_URL": url, "TELLERLINE_LINE_DATA": str(data)}

    async def type(self, *arguments: str, ends_with: int = 0) -> str:
        command = [sys.executable, "-m", "node", *arguments]
        done = await anyio.run_process(command, env=self._environment, check=False, stderr=subprocess.STDOUT)
        said = done.stdout.decode()
        assert done.returncode == ends_with, said
        return said


@pytest.fixture
def shell(url: str, tmp_path: Path) -> _Shell:
    return _Shell(url, tmp_path)


async def test_a_first_admin_comes_from_the_command_line_and_signs_in(house: House, shell: _Shell) -> None:
    said = await shell.type("users", "add", ROBIN, "--role", "admin", "--name", "Robin Example")
    password = said.splitlines()[-1]
    visitor = house.visitor()
    # the house lives in another time than the command: the password is good there, too
    assert (await visitor.sign_in(ROBIN, password)).status == 200
    listed = await shell.type("users", "list")
    assert re.search(rf"user_\w+ +{ROBIN} +Robin Example +admin +none +one-time password", listed)


async def test_a_user_is_given_a_role_locked_unlocked_reset_and_removed(shell: _Shell, work: Work) -> None:
    await shell.type("users", "add", "admin@example.com", "--role", "admin")
    await shell.type("users", "add", ROBIN, "--role", "agent")
    assert "somebody has the address" in await shell.type(
        "users", "add", ROBIN, "--role", "agent", ends_with=2
    )
    await shell.type("users", "role", ROBIN, "finance")
    await shell.type("users", "lock", ROBIN)
    assert re.search(rf"{ROBIN} .*finance .*locked", await shell.type("users", "list"))
    await shell.type("users", "unlock", ROBIN)
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", (await shell.type("users", "reset", ROBIN)).splitlines()[-1])
    await shell.type("users", "remove", ROBIN, "--yes")
    assert ROBIN not in await shell.type("users", "list")
    assert "last admin" in await shell.type("users", "remove", "admin@example.com", "--yes", ends_with=2)
    assert "nobody has the address" in await shell.type("users", "lock", ROBIN, ends_with=2)
    rows = await AuditList(work).page(AuditFilter(), 100)
    assert {one.by.partition(":")[0] for one in rows} == {"command line"}


async def test_a_key_is_added_rotated_and_revoked(house: House, shell: _Shell) -> None:
    said = await shell.type("api-keys", "add", "billing", "--scope", "users:read", "--days", "365")
    secret = said.splitlines()[-1]
    assert (await house.program(secret).get("/v1/users")).status == 200
    assert secret not in await shell.type("api-keys", "list")
    key = re.search(r"key_\w+", said)
    assert key is not None
    new = (await shell.type("api-keys", "rotate", key[0], "--keep-hours", "0")).strip()
    assert (await house.program(new).get("/v1/users")).status == 200
    await shell.type("api-keys", "revoke", key[0])
    assert (await house.program(new).get("/v1/users")).status == 401
    assert "revoked" in await shell.type("api-keys", "list")
    assert "no key" in await shell.type("api-keys", "rotate", key[0], ends_with=2)


@pytest.mark.parametrize("command", ["users", "api-keys"])
async def test_help_shows_examples(shell: _Shell, command: str) -> None:
    assert "tellerline" in await shell.type(command, "add", "--help")
