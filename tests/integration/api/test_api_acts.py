"""Acts of the API on calls that are up, over real HTTP: the caller's end notices them."""

import anyio
import pytest

from core.audio import Audio
from tests.integration.api.acting import done, up
from tests.integration.api.rig import Api

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_a_live_call_is_spoken_to_sent_keys_and_ended(api: Api) -> None:
    phone = await up(api)
    assert (await done(api, phone, "dtmf", {"keys": "1#"}))[0] == 200
    assert phone.call.sent_keys == "1#"
    assert (await done(api, phone, "language", {"language": "es"}))[0] == 200
    assert (await done(api, phone, "silence", {"detect": False}))[0] == 200
    assert (await done(api, phone, "hangup"))[0] == 200
    await phone.ended()
    with anyio.fail_after(5):
        await api.runner.drained()
    status, call = await api.got(f"/v1/calls/{phone.call.id}")
    assert isinstance(call, dict)
    assert (status, call["state"]) == (200, "ended")
    assert (await done(api, phone, "hangup"))[0] == 404


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("dtmf", {"keys": "12x"}),
        ("dtmf", {}),
        ("language", {"language": "tlh"}),
        ("play", {}),
        ("play", {"text": "Hello", "prompt": "goodbye"}),
        ("play", {"prompt": "due"}),
        ("play", {"prompt": "../secrets"}),
        ("play", {"prompt": "due", "values": {"name": "x"}}),
        ("silence", {"detect": "perhaps"}),
        ("transfer", {"to": ""}),
        ("transfer", {"to": "201", "why": "x"}),
    ],
    ids=str,
)
async def test_a_wrong_act_is_refused_and_the_call_goes_on(api: Api, act: str, body: object) -> None:
    phone = await up(api)
    status, told = await done(api, phone, act, body)
    assert (status, told["code"]) == (400, "bad_input")
    assert phone.call.hung_up is None


async def test_a_supervisor_listens_once_with_a_ticket(api: Api) -> None:
    phone = await up(api)
    status, ear = await done(api, phone, "listen")
    assert status == 201
    async with api.client.get(ear["url"]) as heard:
        assert (heard.status, heard.content_type) == (200, "audio/wav")
        assert (await heard.content.readexactly(44))[:4] == b"RIFF"
        while not phone.call.listeners:
            await anyio.lowlevel.checkpoint()
        phone.call.say(Audio(b"\x10\x20" * 320, 16_000))
        assert await heard.content.readexactly(640) == b"\x10\x20" * 320
        phone.hang_up()
        await heard.content.read()
    assert (await api.client.get(ear["url"])).status == 404


async def test_a_recording_is_heard_from_the_middle_and_no_path_leads_out(api: Api) -> None:
    (api.recordings / "call_1.wav").write_bytes(bytes(range(100)))
    (api.recordings.parent / "secret.wav").write_bytes(b"no")
    (api.recordings / "link.wav").symlink_to(api.recordings.parent / "secret.wav")
    async with api.client.get("/v1/calls/call_1/recording", headers={"Range": "bytes=10-19"}) as answer:
        assert (answer.status, await answer.read()) == (206, bytes(range(10, 20)))
        assert answer.content_type == "audio/wav"
    for name in ("..%2Fsecret", "link", "%2e%2e%2fsecret", "call_2", "a" * 200, "call_1.wav"):
        assert (await api.client.get(f"/v1/calls/{name}/recording")).status in (400, 404), name
