"""Prompts and numbers edited over the API: checked, versioned, and as before when they are wrong."""

from typing import Any

import pytest

from tests.integration.api.rig import Api

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def _version(api: Api, path: str) -> str:
    async with api.client.get(path) as answer:
        return answer.headers["ETag"]


async def _text(api: Api, name: str) -> dict[str, Any]:
    _, told = await api.got("/v1/prompts/en")
    assert isinstance(told, dict)
    return next(one for one in told["prompts"] if one["name"] == name)


async def test_a_prompt_is_said_otherwise_from_the_next_call_on_and_as_shipped_again(api: Api) -> None:
    shipped = (await _text(api, "goodbye"))["text"]
    tag = await _version(api, "/v1/prompts/en")
    body = {"prompts": {"goodbye": "Thanks, and so long."}}
    assert (await api.asked("PUT", "/v1/prompts/en", body, **{"If-Match": tag}))[0] == 200
    assert (await _text(api, "goodbye"))["text"] == "Thanks, and so long."
    assert (await api.asked("PUT", "/v1/prompts/en", body, **{"If-Match": tag}))[0] == 412
    assert (await api.asked("PUT", "/v1/prompts/en", body))[0] == 428
    assert (await api.asked("PUT", "/v1/prompts/en", {"prompts": {"goodbye": None}}, **{"If-Match": "*"}))[
        0
    ] == 200
    assert (await _text(api, "goodbye"))["text"] == shipped


@pytest.mark.parametrize(
    "body",
    [
        {"prompts": {"goodbye": "Good bye {somebody}."}},
        {"prompts": {"due": "You owe a lot."}},
        {"prompts": {"goodbye": "Good bye {."}},
        {"prompts": {"no_such_prompt": "Hello."}},
        {"prompts": {"../../evil": "Hello."}},
        {"prompts": {"goodbye": "two\nlines"}},
        {"prompts": {"goodbye": "  "}},
        {"words": {}},
    ],
    ids=str,
)
async def test_a_bad_text_is_refused_and_the_running_one_stays(api: Api, body: object) -> None:
    before = await _text(api, "goodbye")
    status, told = await api.asked("PUT", "/v1/prompts/en", body, **{"If-Match": "*"})
    assert isinstance(told, dict)
    assert (status, told["code"]) == (400, "bad_input")
    assert await _text(api, "goodbye") == before


@pytest.mark.parametrize("language", ["tlh", "..%2Fen", "%2e%2e", "en.toml"])
async def test_a_language_that_is_none_is_not_found(api: Api, language: str) -> None:
    assert (await api.client.get(f"/v1/prompts/{language}")).status == 404


async def test_a_text_is_heard_before_it_is_kept(api: Api) -> None:
    order = {"language": "en", "text": "Good morning."}
    async with api.client.post("/v1/prompts/preview", json=order) as answer:
        assert (answer.status, answer.content_type) == (200, "audio/wav")
        assert (await answer.read())[:4] == b"RIFF"


async def test_the_numbers_and_the_flows_are_told(api: Api) -> None:
    _, told = await api.got("/v1/numbers")
    assert isinstance(told, dict)
    assert {one["number"]: one["flow"] for one in told["data"]} == {
        "1000": "pay_bill",
        "1001": "speak_to_agent",
    }
    _, flows = await api.got("/v1/flows")
    assert isinstance(flows, dict)
    assert {one["name"]: one["numbers"] for one in flows["data"]}["pay_bill"] == ["1000"]


async def test_a_number_gets_another_flow_and_a_wrong_change_leaves_all_as_it_was(api: Api) -> None:
    file = api.recordings.parent / "exchange.yaml"
    tag = await _version(api, "/v1/numbers/1000")
    status, _ = await api.asked("PUT", "/v1/numbers/1000", {"flow": "speak_to_agent"}, **{"If-Match": tag})
    assert status == 200
    kept = file.read_text("utf-8")
    assert "1000: {flow: speak_to_agent}" in kept
    assert "# what callers dial, and the flow that answers" in kept
    assert (await api.asked("PUT", "/v1/numbers/1000", {"flow": "pay_bill"}, **{"If-Match": tag}))[0] == 412
    assert (await api.asked("PUT", "/v1/numbers/1000", {"flow": "sell_shoes"}))[0] == 400
    assert (await api.asked("PUT", "/v1/numbers/x y", {"flow": "pay_bill"}))[0] == 400
    assert (await api.asked("PUT", "/v1/numbers/1000", {"flow": "pay_bill", "language": "klingon"}))[0] == 400
    assert file.read_text("utf-8") == kept


async def test_a_number_is_made_and_taken_out(api: Api) -> None:
    assert (await api.asked("PUT", "/v1/numbers/1002", {"flow": "pay_bill", "record": True}))[0] == 200
    _, made = await api.got("/v1/numbers/1002")
    assert isinstance(made, dict)
    assert made["record"] is True
    assert (await api.asked("DELETE", "/v1/numbers/1002"))[0] == 204
    assert (await api.asked("DELETE", "/v1/numbers/1002"))[0] == 404
