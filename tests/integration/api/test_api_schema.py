"""Our own OpenAPI document against the running application: made-up requests, right ones and wrong ones.

What comes back must be what the document says, and nothing that is sent may break anything inside.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from node.parts.postgres import Postgres

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

_ROOT = Path(__file__).parents[3]
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_EXAMPLES = 6
_STARTS_S, _LOOK_S = 60.0, 0.05

schema = schemathesis.openapi.from_path(_ROOT / "docs" / "reference" / "openapi.json")


@pytest.fixture(scope="module")
def line(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API as a process of its own, on a database of its own."""
    url = asyncio.run(_database(postgres))
    folder = tmp_path_factory.mktemp("api")
    argv = [sys.executable, "-m", "tests.integration.api.serve", url, str(folder)]
    words = folder / "said"  # a file: nobody reads on, and a pipe would fill and hold the process up
    with words.open("w") as said, subprocess.Popen(argv, stdout=said, cwd=_ROOT) as process:
        yield f"http://127.0.0.1:{_port(words)}"
        process.kill()


def _port(words: Path) -> str:
    """The port that the process says it has."""
    until = time.monotonic() + _STARTS_S
    while time.monotonic() < until:
        found = [said for said in words.read_text("utf-8").splitlines() if said.strip().isdigit()]
        if found:
            return found[0].strip()
        time.sleep(_LOOK_S)
    raise AssertionError(f"the API did not start: {words.read_text('utf-8')[-2000:]}")


async def _database(postgres: Postgres) -> str:
    async with await psycopg.AsyncConnection.connect(postgres.url(), autocommit=True) as connection:
        await connection.execute(b"CREATE DATABASE made_up_requests TEMPLATE migrated")
    return postgres.url("made_up_requests")


@schema.parametrize()
@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_application_does_what_its_document_says(case: schemathesis.Case[Any], line: str) -> None:
    case.call_and_validate(base_url=line, checks=_CHECKS, timeout=30)
