"""The proof in its short form, on a whole line; and a line that does leak, where it must be seen."""

import time
from pathlib import Path
from random import Random

import anyio
import pytest

from db.engine import Work
from node.prove.books import Books
from node.prove.canary import new_canary
from node.prove.cast import Cast
from node.prove.line import proven_line
from node.prove.places import Place, Search, files_below
from node.prove.plays import pays, stage_on
from node.prove.proof import Plan, prove
from node.prove.scenarios import Scenario, Way, scenarios
from node.stack.callers import Callers
from rehearsal.script import Dtmf

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

PLACES = {
    "memory of the controller that took over",
    "log of the controller",
    "logs of Asterisk",
    "CDR of Asterisk",
    "CEL of Asterisk",
    "stream: AMI",
    "stream: ARI",
    "stream: live facts",
    "answers of the API",
    "webhooks out",
    "transcripts",
    "metrics and health",
    "PostgreSQL: dump",
    "PostgreSQL: data folder",
    "PostgreSQL: pg_wal",
    "PostgreSQL: server log",
    "recordings, as files",
    "recordings, as sound",
    "agents' telephones: sound",
    "agents' telephones: packets",
    "other files of the line",
    "temporary files",
    "arguments and environment",
}


class Quiet:
    """Tells nobody."""

    def phase(self, name: str, total: int) -> None:
        pass

    def step(self) -> None:
        pass


@pytest.mark.timeout(600)
async def test_no_card_is_left_anywhere_and_every_control_is_found(tmp_path: Path) -> None:
    proof = await prove(Plan(tmp_path / "prove", Random().getrandbits(64), captures=4, short=True), Quiet())
    wrong = [place for place in proof.searched if not place.clean]
    assert proof.holds, (wrong, [call for call in proof.calls if call.problem])
    after, *others = [place.place for place in proof.searched]
    assert after.startswith("memory of the controller after ")
    assert set(others) == PLACES
    assert len(proof.calls) == len(scenarios(short=True))
    assert proof.captures == 4


async def test_a_line_whose_asterisk_writes_keys_is_caught(tmp_path: Path) -> None:
    chance = Random(7)
    control = new_canary("control", chance)
    paid = Scenario(Way("success", pays, ("paid", "hung_up"), (Dtmf.RFC4733,)), Dtmf.RFC4733)
    async with proven_line(tmp_path / "prove") as line:
        work = Work(await line.start())
        try:
            await line.write_keys(write=True)
            cast = Cast(stage_on(line, Books(work, Callers(line.stack.folder, work)), control), chance)
            assert not (await cast.play(paid)).problem
        finally:
            await work.close()
        logs = Place("logs of Asterisk", "", lambda: files_below(line.stack.asterisk.logs, text=True))
        search = Search(control, tuple(cast.canaries), time.monotonic)
        searched = await anyio.to_thread.run_sync(search.look, logs)
    assert {leak.canary for leak in searched.leaks} == {cast.canaries[-1].name}
    assert not searched.clean
