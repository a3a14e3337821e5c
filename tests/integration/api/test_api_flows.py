"""Written flows over the API: checked, versioned, walked through, and kept while a number uses them."""

from pathlib import Path
from typing import Any

import pytest

from pbx.fake.phone import Phone
from tests.integration.api.rig import Api

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

EXAMPLES = Path(__file__).parents[3] / "ivr" / "written" / "examples"
TEXT = """about: a test
languages: [en]
steps:
  ask: {yes_no: "Is {company} well?", yes: thanks, no: person}
  thanks: {say: Good to hear., then: goodbye}
"""


async def _told(api: Api, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    status, told = await api.asked(method, path, body, **headers)
    return status, told


async def _tag(api: Api, name: str) -> str:
    async with api.client.get(f"/v1/flows/{name}") as answer:
        return answer.headers["ETag"]


async def test_a_flow_is_written_changed_and_taken_out(api: Api) -> None:
    status, told = await _told(api, "PUT", "/v1/flows/mine", {"text": TEXT})
    assert (status, told["about"], told["written"]) == (200, "a test", True)
    assert [(one["name"], one["verb"], one["line"]) for one in told["steps"]] == [
        ("ask", "yes_no", 4),
        ("thanks", "say", 5),
    ]
    tag = await _tag(api, "mine")
    changed = {"text": TEXT.replace("Good", "Nice")}
    assert (await _told(api, "PUT", "/v1/flows/mine", changed))[0] == 428
    assert (await _told(api, "PUT", "/v1/flows/mine", changed, **{"If-Match": tag}))[0] == 200
    assert (await _told(api, "PUT", "/v1/flows/mine", changed, **{"If-Match": tag}))[0] == 412
    assert (await _told(api, "DELETE", "/v1/flows/mine", **{"If-Match": tag}))[0] == 412
    assert (await _told(api, "DELETE", "/v1/flows/mine", **{"If-Match": "*"}))[0] == 204
    assert (await api.client.get("/v1/flows/mine")).status == 404


async def test_a_flow_with_mistakes_is_refused_with_the_place_of_each(api: Api) -> None:
    wrong = {"text": TEXT.replace("person", "nowhere").replace("goodbye", "nowhere")}
    status, told = await _told(api, "PUT", "/v1/flows/mine", wrong)
    assert (status, told["code"]) == (400, "bad_input")
    assert [one["at"] for one in told["errors"]] == ["line 4: steps.ask.no", "line 5: steps.thanks.then"]
    status, told = await _told(api, "POST", "/v1/flows/check", wrong)
    assert (status, [one["line"] for one in told["mistakes"]], told["steps"]) == (200, [4, 5], [])
    assert (await api.client.get("/v1/flows/mine")).status == 404


@pytest.mark.parametrize("name", ["pay_bill", "..%2Fevil", "Evil", "a" * 70])
async def test_a_name_that_is_none_or_ours_is_refused(api: Api, name: str) -> None:
    assert (await _told(api, "PUT", f"/v1/flows/{name}", {"text": TEXT}))[0] in (400, 404)


async def test_a_flow_that_a_number_leads_into_stays_and_answers_it(api: Api) -> None:
    assert (await _told(api, "PUT", "/v1/flows/mine", {"text": TEXT}))[0] == 200
    assert (await _told(api, "PUT", "/v1/numbers/1000", {"flow": "mine"}))[0] == 200
    status, told = await _told(api, "DELETE", "/v1/flows/mine", **{"If-Match": "*"})
    assert (status, told["code"]) == (409, "refused")
    assert "1000" in told["detail"]

    async def answers(phone: Phone) -> None:
        await phone.hears("Is Example Power well")
        await phone.press("1")
        await phone.hears("Good to hear")

    await api.switch.place(answers, flow="mine").ended()


async def test_a_walk_tells_what_callers_would_hear_up_to_where_keys_are_missing(api: Api) -> None:
    survey = (EXAMPLES / "survey.yaml").read_text("utf-8")
    keys = ["1234#", "1", "4242424242424242#", "1230", "123", "9", "1", "2", "1", "1", "1"]
    status, told = await _told(api, "POST", "/v1/flows/walk", {"text": survey, "keys": keys})
    assert status == 200
    said = " ".join(one["text"] for one in told["noted"] if one["kind"] == "said")
    assert "125" in said or "one hundred" in said
    assert told["noted"][-1] == {"kind": "ended", "step": "call_back", "text": "paid"}
    status, told = await _told(api, "POST", "/v1/flows/walk", {"text": survey, "keys": keys[:2]})
    assert told["noted"][-1] == {"kind": "waits", "step": "pay", "text": ""}
    assert "card number" in told["noted"][-2]["text"]


@pytest.mark.parametrize(("hour", "said"), [(15, "To pay a bill, press one. To hear"), (3, "is closed")])
async def test_a_walk_begins_at_the_hour_that_is_asked_for(api: Api, hour: int, said: str) -> None:
    office = (EXAMPLES / "front_office.yaml").read_text("utf-8")
    order = {"text": office, "language": "en", "at": f"2026-11-26T{hour:02}:00:00+00:00"}
    _, told = await _told(api, "POST", "/v1/flows/walk", order)
    assert any(said in one["text"] for one in told["noted"])
