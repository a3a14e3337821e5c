"""A flow that an admin wrote, on a whole line: a real telephone, Asterisk and PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import Rig, rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SURVEY: Final = Path(__file__).parents[3] / "ivr" / "written" / "examples" / "survey.yaml"
_PAYS_AND_ANSWERS: Final = """
name: A caller pays, and says how it was
dial: "1000"
from: "{caller}"
steps:
  - hear: You can pay your bill on this call
    within: 20s
  - hear: found_account
    within: 20s
  - press: "1"
  - hear: ask_how_much
  - press: "1"
  - hear: card_number
    within: 30s
  - card: visa
    then: "#"
  - hear: card_expiry
  - expiry: valid
  - hear: card_code
  - code: "123"
  - hear: paid
    within: 30s
  - hear: May we ask you two questions
    within: 60s
  - press: "1"
  - hear: How content are you
  - press: "4"
  - hear: You gave us
  - expect_hang_up
expect:
  outcome: paid
  not_said: [sorry, no_match]
"""


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line whose number leads to the survey of the examples."""
    folder = tmp_path_factory.mktemp("written")
    flows = folder / "line" / "data" / "flows"
    flows.mkdir(parents=True)
    (flows / "survey.yaml").write_text(_SURVEY.read_text("utf-8"))
    async with rig(folder, Wish(overrides={"numbers.1000.flow": "survey"})) as one:
        yield one


async def test_a_real_caller_pays_and_answers_the_survey_and_each_step_stands_in_the_records(
    line: Rig,
) -> None:
    caller = line.number()
    await line.bill((caller,))
    await line.rehearse(_PAYS_AND_ANSWERS.format(caller=caller))
    session = await line.session(caller)
    assert session is not None
    assert session["flow"] == "survey"
    steps = [row["body"] for row in await line.facts(caller) if row["kind"] == "step_reached"]
    names = ["welcome", "pay", "may_we_ask", "stars", "how_content", "thanks"]
    assert steps == [{"flow": "survey", "step": name} for name in names]
