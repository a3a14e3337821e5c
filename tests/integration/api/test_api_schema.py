"""Our own OpenAPI document against the running application: made-up requests, right ones and wrong ones.

What comes back must be what the document says, and nothing that is sent may break anything inside.
"""

import asyncio
import subprocess
import sys
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

schema = schemathesis.openapi.from_path(_ROOT / "docs" / "reference" / "openapi.json")


@pytest.fixture(scope="module")
def line(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API as a process of its own, on a database of its own."""
    url = asyncio.run(_database(postgres))
    argv = [sys.executable, "-m", "tests.integration.api.serve", url, str(tmp_path_factory.mktemp("api"))]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        port = next(said.strip() for said in process.stdout if said.strip().isdigit())
        yield f"http://127.0.0.1:{port}"
        process.kill()


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
