"""Wrong settings and exchange files stop the start, with every mistake told; the doctor says the rest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import anyio
import pytest

from tests.integration.line.rig import EXCHANGE, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_LONGEST_S = 90.0  # a deadline, not a measure: the machine may be busy


async def test_five_mistakes_in_the_settings_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "line.toml").write_text('[line]\nmax_calls = 0\nnmae = "x"\n[switch]\nconnect = "sideways"\n')
    environment = {"TELLERLINE_API_PORT": "many", "TELLERLINE_DATABASE_URI": "postgresql:///x"}
    code, said = await _tellerline(environment, "run", "--settings", str(tmp_path / "line.toml"))
    assert code == 2
    for key in (
        "line.max_calls",
        "line.nmae",
        "switch.connect",
        "TELLERLINE_API_PORT",
        "TELLERLINE_DATABASE_URI",
    ):
        assert key in said
    assert "Traceback" not in said


async def test_a_mistake_in_the_exchange_file_stops_the_start_with_its_line(
    line: Rig, tmp_path: Path
) -> None:
    exchange = tmp_path / "exchange.yaml"
    shutil.copy(EXCHANGE, exchange)
    with exchange.open("a") as file:
        file.write("numers:\n  1003: {flow: pay_bill}\n")
    wrong = len(exchange.read_text().splitlines()) - 1
    environment = {**line.stack.environment, "TELLERLINE_SWITCH_EXCHANGE": str(exchange)}
    code, said = await _tellerline(environment, "run")
    assert code == 2
    assert f"exchange.yaml:{wrong}" in said
    assert "numbers" in said
    assert "Traceback" not in said


async def test_the_doctor_finds_nothing_but_the_ports_of_the_line_that_runs(line: Rig) -> None:
    code, said = await _tellerline(line.stack.environment, "doctor")
    broken = [row for row in said.splitlines() if row.startswith("✗")]
    assert code == 1
    assert [row.split()[1] for row in broken] == ["api.port", "switch.listen_port"], said


async def test_the_doctor_says_what_to_do_about_a_wrong_password_and_a_missing_key(line: Rig) -> None:
    wrong = {"TELLERLINE_SWITCH_PASSWORD": "guess", "TELLERLINE_PAYMENTS_STRIPE_KEY": ""}
    code, said = await _tellerline({**line.stack.environment, **wrong}, "doctor")
    assert code == 1
    assert "switch.password" in said
    assert "TELLERLINE_PAYMENTS_STRIPE_KEY" in said


async def test_the_doctor_says_what_to_do_about_an_asterisk_that_does_not_run(line: Rig) -> None:
    await line.stack.asterisk.stop()
    try:
        code, said = await _tellerline(line.stack.environment, "doctor")
    finally:
        await line.stack.asterisk.start()
    assert code == 1
    assert "start Asterisk" in said


async def _tellerline(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    with anyio.fail_after(_LONGEST_S):
        done = await anyio.run_process(
            [sys.executable, "-m", "node", *arguments],
            check=False,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COLUMNS": "160", **environment},
        )
    return done.returncode, done.stdout.decode()
