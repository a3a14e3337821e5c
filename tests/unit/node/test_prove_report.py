"""The report says what came of a proof, holds no card, and shows whether it was changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import BadInput
from node.commands.prove import prove
from node.prove.places import Leak, Searched
from node.prove.report import html
from node.prove.result import Made, Proof
from node.prove.scenarios import WAYS, scenarios
from node.prove.signature import Genuine, NotGenuine, check, fingerprint, public_key, signed, signing_key
from rehearsal.script import Dtmf

PLACE = Searched("pg_wal", "a caller", 2, 33_000_000, 0.2, ("digits",), (), ())
MADE = Made("success", "info", "paid", 1, 9.5, "")
PROOF = Proof(
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    datetime(2026, 11, 21, 12, 4, tzinfo=UTC),
    short=True,
    versions={"Asterisk": "22.10.1"},
    calls=(MADE,),
    captures=4,
    wanted_captures=4,
    cards=13,
    searched=(PLACE,),
)
LEAKY = replace(PLACE, leaks=(Leak("card 3", "/var/log/<b>line</b>.log", "digits"),))


def test_a_proof_holds_when_all_is_clean() -> None:
    assert PROOF.holds


@pytest.mark.parametrize(
    "proof",
    [
        replace(PROOF, searched=()),
        replace(PROOF, searched=(PLACE, LEAKY)),
        replace(PROOF, searched=(replace(PLACE, controls=()),)),
        replace(PROOF, searched=(replace(PLACE, unreadable=("mem: Permission denied",)),)),
        replace(PROOF, searched=(replace(PLACE, items=0),)),
        replace(PROOF, calls=(replace(MADE, problem="the line did not answer"),)),
        replace(PROOF, captures=3),
        replace(PROOF, captures=0, wanted_captures=0),
    ],
)
def test_a_proof_does_not_hold_otherwise_and_says_so(proof: Proof) -> None:
    assert not proof.holds
    assert "The proof does not hold" in html(proof, "KEY")


def test_the_report_tells_places_calls_versions_and_leaks() -> None:
    text = html(replace(PROOF, searched=(PLACE, LEAKY)), "KEY")
    for told in ("pg_wal", "22.10.1", "kill -9 of the controller", "card 3", "PCI DSS scope", "KEY"):
        assert told in text
    assert "<b>line</b>" not in text
    assert "http" not in text  # it needs nothing else


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("memory of the controller after 9 cards", "Root: it may read"),
        ("memory of the controller after 9 cards, left readable", "line.readable_memory"),
    ],
)
def test_the_report_says_who_else_may_read_the_memory(place: str, told: str) -> None:
    assert told in html(replace(PROOF, searched=(replace(PLACE, place=place),)), "KEY")


def test_the_table_plays_every_way_out_in_every_mode() -> None:
    full, short = scenarios(short=False), scenarios(short=True)
    assert len(full) == len(WAYS) * len(Dtmf) == len(set(full))
    assert {one.way.name for one in short} == {way.name for way in WAYS}
    assert {one.dtmf for one in short} == set(Dtmf)
    assert set(short) <= set(full)


def test_a_signed_report_is_genuine(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    text = signed(html(PROOF, fingerprint(key.public_key())), key)
    assert check(text, public_key(tmp_path)) == Genuine()
    assert signing_key(tmp_path).private_bytes_raw() == key.private_bytes_raw()
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0


def test_a_report_that_was_changed_or_signed_by_another_is_not(tmp_path: Path) -> None:
    key, other = signing_key(tmp_path / "one"), signing_key(tmp_path / "other")
    text = signed(html(PROOF, ""), key)
    for changed in (text.replace("13", "12"), text + "\n", text.replace("<h1>", "<h1> "), html(PROOF, "")):
        assert isinstance(check(changed, key.public_key()), NotGenuine)
    assert isinstance(check(text, other.public_key()), NotGenuine)


def test_the_command_checks_a_report(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    report = tmp_path / "report.html"
    report.write_text(signed(html(PROOF, ""), key))
    arguments = ["verify", str(report), "--key", str(tmp_path / "key.pub.pem")]
    assert CliRunner().invoke(prove, arguments).exit_code == 0
    report.write_text(report.read_text().replace("13", "12"))
    result = CliRunner().invoke(prove, arguments)
    assert result.exit_code == 1
    assert "was changed" in result.output


def test_a_key_that_is_not_there_or_no_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="name the public key"):
        public_key(tmp_path / "missing.pem")
    (tmp_path / "bad.pem").write_text("no key")
    with pytest.raises(BadInput, match="holds no public key"):
        public_key(tmp_path / "bad.pem")
