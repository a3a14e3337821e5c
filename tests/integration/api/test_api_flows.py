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


async def _versions(api: Api, name: str, query: str = "") -> list[tuple[int, bool]]:
    status, told = await _told(api, "GET", f"/v1/flows/{name}/versions{query}")
    assert status == 200, told
    return [(one["number"], one["taken_out"]) for one in told["data"]]


async def _put(api: Api, text: str) -> None:
    status, told = await _told(api, "PUT", "/v1/flows/mine", {"text": text}, **{"If-Match": "*"})
    assert status == 200, told


async def test_what_a_flow_was_before_is_kept_with_who_changed_what_and_can_be_gone_back_to(api: Api) -> None:
    mistaken = TEXT.replace("Good to hear.", "Sorry to hear.")
    for text in (TEXT, mistaken, mistaken):
        await _put(api, text)
    assert await _versions(api, "mine") == [(2, False), (1, False)]
    _, second = await _told(api, "GET", "/v1/flows/mine/versions/2")
    assert second["by"] == "the operator's key"
    assert [line[:40] for line in second["changes"].splitlines() if line[:1] in "+-"] == [
        "--- mine.yaml 1",
        "+++ mine.yaml 2",
        "-  thanks: {say: Good to hear., then: go",
        "+  thanks: {say: Sorry to hear., then: g",
    ]
    _, first = await _told(api, "GET", "/v1/flows/mine/versions/1")
    assert first["text"] == TEXT
    await _put(api, first["text"])
    assert (await _told(api, "GET", "/v1/flows/mine"))[1]["text"] == TEXT
    assert await _versions(api, "mine", "?limit=2") == [(3, False), (2, False)]


async def test_a_flow_that_was_changed_in_its_file_is_kept_too_before_it_is_written_over(
    api: Api, tmp_path: Path
) -> None:
    await _put(api, TEXT)
    by_hand = TEXT.replace("a test", "by hand")
    (tmp_path / "flows" / "mine.yaml").write_text(by_hand)
    await _put(api, TEXT)
    assert await _versions(api, "mine") == [(3, False), (2, False), (1, False)]
    _, second = await _told(api, "GET", "/v1/flows/mine/versions/2")
    assert (second["by"], second["text"]) == ("", by_hand)


async def test_a_change_that_was_refused_leaves_no_version(api: Api) -> None:
    await _put(api, TEXT)
    wrong = {"text": TEXT.replace("person", "nowhere")}
    assert (await _told(api, "PUT", "/v1/flows/mine", wrong, **{"If-Match": "*"}))[0] == 400
    assert (await _told(api, "PUT", "/v1/flows/mine", {"text": TEXT}, **{"If-Match": '"1"'}))[0] == 412
    assert await _versions(api, "mine") == [(1, False)]


async def test_a_flow_that_was_taken_out_is_named_and_comes_back_by_its_former_text(api: Api) -> None:
    await _put(api, TEXT)
    assert (await _told(api, "DELETE", "/v1/flows/mine", **{"If-Match": "*"}))[0] == 204
    _, gone = await _told(api, "GET", "/v1/flows-taken-out")
    assert [one["name"] for one in gone["data"]] == ["mine"]
    assert await _versions(api, "mine") == [(2, True), (1, False)]
    _, first = await _told(api, "GET", "/v1/flows/mine/versions/1")
    await _put(api, first["text"])
    assert (await _told(api, "GET", "/v1/flows-taken-out"))[1]["data"] == []


@pytest.mark.parametrize("path", ["nothing/versions", "mine/versions/7", "nothing/versions/1"])
async def test_a_version_that_there_is_not_is_said_to_be_none(api: Api, path: str) -> None:
    await _put(api, TEXT)
    assert (await _told(api, "GET", f"/v1/flows/{path}"))[0] == 404
    assert (await _told(api, "GET", "/v1/flows/mine/versions/x"))[0] == 400
