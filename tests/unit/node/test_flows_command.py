"""`tellerline flows`: checked, written, listed and shown, also beside a file that has mistakes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from node.commands.flows import flows

EXAMPLES = Path(__file__).parents[3] / "ivr" / "written" / "examples"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A line's folder."""
    return tmp_path


def ran(data: Path, *arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(flows, arguments, env={"TELLERLINE_LINE_DATA": str(data)}, input=given)


def test_an_example_is_checked_put_listed_and_shown(data: Path) -> None:
    file = EXAMPLES / "survey.yaml"
    assert "survey.yaml is good: 9 step(s)." in ran(data, "check", str(file)).output
    assert ran(data, "put", "survey", str(file)).exit_code == 0
    listed = ran(data, "list").output
    assert "survey" in listed
    assert "pay_bill" in listed
    assert ran(data, "show", "survey").output == file.read_text("utf-8")


def test_mistakes_are_told_and_end_with_2(data: Path) -> None:
    (data / "bad.yaml").write_text("about: x\nlanguages: [en]\nsteps:\n  a: {say: hello, then: b}\n")
    result = ran(data, "check", str(data / "bad.yaml"))
    assert result.exit_code == 2
    assert "bad.yaml:4: steps.a.then: there is no step b" in result.output


def test_a_kept_file_with_mistakes_can_be_mended(data: Path) -> None:
    (data / "flows").mkdir()
    (data / "flows" / "survey.yaml").write_text("steps: none")
    text = (EXAMPLES / "survey.yaml").read_text("utf-8")
    assert ran(data, "put", "survey", "-", given=text).exit_code == 0
    assert ran(data, "show", "survey").output == text
