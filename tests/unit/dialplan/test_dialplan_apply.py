"""Applying and taking back, with a scripted parser and a scripted Asterisk."""

# ruff: noqa: E501 - what Asterisk says is not broken up

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from core.errors import BadInput, Refused, SwitchLost
from dialplan.apply import Applied, NotTaken, TakenBack, Unchanged, apply, roll_back
from dialplan.check import Trial, check
from dialplan.generations import Generations
from dialplan.mistakes import Mistake
from dialplan.read import AdminFile, read
from dialplan.reload import reload_for
from dialplan.render import render

pytestmark = pytest.mark.anyio

TEXT = """\
ari: {password: 12345678}
numbers:
  1000: {flow: pay_bill}
extensions:
  201: {password: a-good-one}
"""


@dataclass(frozen=True)
class Said:
    """A complaint."""

    file: str
    line: int
    message: str


@dataclass
class ScriptedParser:
    """Finds what it is told to find."""

    complaints: list[Said] = field(default_factory=list)
    applications: frozenset[str] | None = None
    tried: list[Path] = field(default_factory=list)

    async def __call__(self, etc: Path) -> Trial:
        self.tried.append(etc)
        return Trial(self.complaints, self.applications)


@dataclass
class ScriptedAsterisk:
    """Reads the dialplan and the phones of a folder when it is told to reload, unless it is stubborn."""

    etc: Path
    stubborn: bool = False
    silent: bool = False
    heard: list[str] = field(default_factory=list)
    loaded: dict[str, str] = field(default_factory=dict)

    async def console(self, command: str) -> str:
        if self.silent:
            raise SwitchLost("Asterisk is gone")
        self.heard.append(command)
        if command == "dialplan reload" and not self.stubborn:
            self.loaded = {name: (self.etc / name).read_text() for name in ("extensions.conf", "pjsip.conf")}
        if command == "dialplan show globals":
            return self.loaded.get("extensions.conf", "")
        if command == "pjsip show endpoints":
            lines = self.loaded.get("pjsip.conf", "").split("\n")
            names = [above for above, line in pairwise(lines) if line == "type = endpoint"]
            return "\n".join(f" Endpoint:  {name.strip('[]')}/x" for name in names)
        return ""


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "etc", keep=3)


@pytest.fixture
def asterisk(generations: Generations) -> ScriptedAsterisk:
    return ScriptedAsterisk(generations.etc)


def _admin(folder: Path, text: str = TEXT) -> AdminFile:
    file = folder / "exchange.yaml"
    file.write_text(text)
    return read(file, {})


def _other(folder: Path, phone: str) -> AdminFile:
    return _admin(folder, TEXT.replace("201:", f"{phone}:"))


async def test_a_first_apply_writes_what_asterisk_reads(tmp_path: Path, generations: Generations) -> None:
    admin = _admin(tmp_path)
    outcome = await apply(admin, generations, ScriptedParser())
    assert outcome == Applied(1, (), ())
    assert (generations.etc / "pjsip.conf").read_text() == render(admin.exchange)["pjsip.conf"]


async def test_nobody_else_can_read_the_passwords(tmp_path: Path, generations: Generations) -> None:
    await apply(_admin(tmp_path), generations, ScriptedParser())
    modes = {path.stat().st_mode & 0o007 for path in (generations.etc / "generations" / "1").rglob("*")}
    assert modes == {0}


async def test_the_same_file_again_changes_nothing(tmp_path: Path, generations: Generations) -> None:
    parser = ScriptedParser()
    await apply(_admin(tmp_path), generations, parser)
    assert await apply(_admin(tmp_path), generations, parser) == Unchanged(1)


async def test_what_the_parser_refuses_is_not_written(tmp_path: Path, generations: Generations) -> None:
    await apply(_admin(tmp_path), generations, ScriptedParser())
    parser = ScriptedParser([Said("pjsip.conf", 0, "Could not create an object of type 'endpoint' with id '202' "
                                  "from configuration file 'pjsip.conf'")])  # fmt: skip
    outcome = await apply(_other(tmp_path, "202"), generations, parser)
    assert isinstance(outcome, NotTaken)
    assert (outcome.mistakes[0].line, outcome.mistakes[0].key) == (5, "extensions.202")
    assert generations.current == 1
    assert not parser.tried[0].exists()


async def test_a_running_asterisk_takes_the_change_over(
    tmp_path: Path, generations: Generations, asterisk: ScriptedAsterisk
) -> None:
    await apply(_admin(tmp_path), generations, ScriptedParser(), asterisk)
    outcome = await apply(_other(tmp_path, "202"), generations, ScriptedParser(), asterisk)
    assert isinstance(outcome, Applied)
    assert outcome.commands[-1] == "dialplan reload"
    assert "module reload res_pjsip.so" in outcome.commands
    assert "[202]" in asterisk.loaded["pjsip.conf"]


async def test_an_asterisk_that_keeps_the_old_one_gets_it_back(
    tmp_path: Path, generations: Generations, asterisk: ScriptedAsterisk
) -> None:
    await apply(_admin(tmp_path), generations, ScriptedParser(), asterisk)
    asterisk.stubborn = True
    outcome = await apply(_other(tmp_path, "202"), generations, ScriptedParser(), asterisk)
    assert isinstance(outcome, TakenBack)
    assert outcome.generation == generations.current == 1
    assert "does not know the phone or trunk 202" in outcome.reason
    assert generations.before(2) == 1
    assert not (generations.etc / "generations" / "2").exists()


async def test_an_asterisk_that_does_not_answer_leaves_all_as_it_was(
    tmp_path: Path, generations: Generations, asterisk: ScriptedAsterisk
) -> None:
    asterisk.silent = True
    outcome = await apply(_admin(tmp_path), generations, ScriptedParser(), asterisk)
    assert outcome == TakenBack(None, "Asterisk is gone")
    assert not (generations.etc / "pjsip.conf").exists()


async def test_rolling_back_goes_one_generation_back_each_time(
    tmp_path: Path, generations: Generations, asterisk: ScriptedAsterisk
) -> None:
    for phone in ("201", "202", "203"):
        await apply(_other(tmp_path, phone), generations, ScriptedParser(), asterisk)
    for phone in ("202", "201"):
        assert isinstance(await roll_back(generations, asterisk), Applied)
        assert f"[{phone}]" in asterisk.loaded["pjsip.conf"]
    with pytest.raises(BadInput, match="nothing to go back to"):
        await roll_back(generations, asterisk)


async def test_only_the_last_generations_are_kept(tmp_path: Path, generations: Generations) -> None:
    for phone in range(201, 207):
        await apply(_other(tmp_path, str(phone)), generations, ScriptedParser())
    kept = {folder.name for folder in (generations.etc / "generations").iterdir()}
    assert kept == {"4", "5", "6"}


async def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path, generations: Generations) -> None:
    generations.etc.mkdir()
    (generations.etc / "pjsip.conf").write_text("; mine")
    outcome = await apply(_admin(tmp_path), generations, ScriptedParser())
    assert isinstance(outcome, TakenBack)
    assert "files of somebody else: pjsip.conf" in outcome.reason
    assert (generations.etc / "pjsip.conf").read_text() == "; mine"


async def test_two_cannot_apply_at_once(tmp_path: Path, generations: Generations) -> None:
    with generations.alone(), pytest.raises(Refused, match="another process"):
        await apply(_admin(tmp_path), Generations(generations.etc), ScriptedParser())


async def test_a_file_that_is_no_longer_rendered_is_no_longer_linked(
    tmp_path: Path, generations: Generations
) -> None:
    (tmp_path / "own.conf").write_text("[mine]\n")
    await apply(_admin(tmp_path, TEXT + "fragments: [own.conf]\n"), generations, ScriptedParser())
    assert (generations.etc / "fragments/01-own.conf").read_text() == "[mine]\n"
    await apply(_admin(tmp_path), generations, ScriptedParser())
    assert not (generations.etc / "fragments").exists()


async def test_complaints_find_back_to_the_admins_own_lines(tmp_path: Path) -> None:
    own = tmp_path / "own.conf"
    own.write_text("[mine]\nexten => 300,1,Playbackk(hi)\n same => n,Goto(\ninclude => nowhere\n")
    admin = _admin(tmp_path, TEXT + "fragments: [own.conf]\n")
    files = render(admin.exchange, admin.fragments)
    line = files["pjsip.conf"].split("\n").index("[201]") + 3
    parser = ScriptedParser(
        [
            Said(
                "fragments/01-own.conf", 3, "No closing parenthesis found? at line 3 of fragments/01-own.conf"
            ),
            Said("", 0, "Context 'mine' tries to include nonexistent context 'nowhere'"),
            Said("pjsip.conf", line, "Error parsing"),
            Said("", 0, "The sky falls"),
        ],
        frozenset({"Playback", "Goto"}),
    )
    assert await check(admin, files, parser) == [
        Mistake(str(own), 2, "", "there is no application Playbackk; did you mean Playback?"),
        Mistake(str(own), 3, "", "Asterisk says: No closing parenthesis found?"),
        Mistake(str(own), 4, "", "Asterisk says: Context 'mine' tries to include nonexistent context 'nowhere'"),
        Mistake("Asterisk", 0, "", "Asterisk says: The sky falls"),
        Mistake("exchange.yaml", 5, "extensions.201", "Asterisk says: Error parsing (of the rendered pjsip.conf)"),
    ]  # fmt: skip


def test_a_change_is_told_to_the_modules_that_it_concerns_and_the_dialplan_last(tmp_path: Path) -> None:
    old = render(_admin(tmp_path).exchange)
    new = render(_admin(tmp_path, TEXT + "queues: {billing: {agents: [201]}}\n").exchange)
    change = reload_for(old, new)
    assert change.commands == ("module load app_queue.so", "module reload app_queue.so", "dialplan reload")
    assert reload_for(old, old).commands == ()


def test_new_ports_are_told_to_need_a_restart(tmp_path: Path) -> None:
    old = render(_admin(tmp_path).exchange)
    new = render(_admin(tmp_path, TEXT + "sip: {udp: 5070}\n").exchange)
    assert reload_for(old, new).at_restart == ("the addresses and ports of SIP",)
