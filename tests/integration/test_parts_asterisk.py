"""A private Asterisk: it boots, answers, reloads, stops, is killed, and comes back."""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.errors import Refused, SwitchLost
from node.parts.asterisk import Asterisk
from node.parts.errors import NotStarted, StillRunning
from node.parts.folder import local_folder
from node.parts.process import launch
from node.parts.program import Part, Program, find

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_MODULES = """\
res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_geolocation res_statsd res_pjsip
res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp res_rtp_asterisk res_http_websocket res_websocket_client
res_pjsip_transport_websocket res_stasis res_stasis_answer res_stasis_playback res_stasis_recording
res_stasis_snoop res_ari res_ari_model res_ari_asterisk res_ari_channels res_ari_events chan_pjsip
chan_websocket app_playback res_timing_timerfd codec_ulaw codec_gsm format_gsm pbx_config"""


def write_etc(etc: Path, host: str) -> Path:
    """A configuration that loads SIP, ARI and WebSocket media, on one loopback address."""
    etc.mkdir()
    loads = "\n".join(f"load = {name}.so" for name in _MODULES.split())
    files = {
        "modules": f"[modules]\nautoload = no\n{loads}",
        "logger": "[logfiles]\nmessages => notice,warning,error",
        "http": f"[general]\nenabled = yes\nbindaddr = {host}\nbindport = 19088",
        "ari": "[general]\nenabled = yes\n[tests]\ntype = user\npassword = secret",
        "pjsip": f"[udp]\ntype = transport\nprotocol = udp\nbind = {host}:19060",
        "rtp": "[general]\nrtpstart = 19200\nrtpend = 19299",
        "extensions": "[default]\nexten => 1,1,Answer()\n same => n,Playback(hello-world)",
    }
    for name, text in files.items():
        (etc / f"{name}.conf").write_text(text + "\n")
    return etc


@pytest.fixture
def program() -> Program:
    return find(Part.ASTERISK, local_folder())


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    return write_etc(tmp_path / "etc", "127.0.19.1")


async def _get(path: str) -> Any:
    request = urllib.request.Request(
        f"http://127.0.19.1:19088/ari/{path}", headers={"Authorization": "Basic dGVzdHM6c2VjcmV0"}
    )
    return json.loads(
        await anyio.to_thread.run_sync(lambda: urllib.request.urlopen(request, timeout=5).read())
    )


async def test_it_boots_with_sip_ari_and_websocket_media(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / "state") as asterisk:
        modules = await asterisk.console("module show like websocket")
        assert "chan_websocket.so" in modules
        assert "127.0.19.1:19060" in await asterisk.console("pjsip show transports")
        assert "Running" in await asterisk.console("module show like chan_pjsip.so")


async def test_ari_answers_over_http(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / "state"):
        assert "system" in await _get("asterisk/info")


async def test_it_has_english_sounds(program: Program, etc: Path, tmp_path: Path) -> None:
    with (etc / "modules.conf").open("a") as modules:
        modules.write("load = res_ari_sounds.so\n")
    async with Asterisk(program, etc, tmp_path / "state"):
        assert len(await _get("sounds")) > 100


async def test_it_reads_a_changed_dialplan(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / "state") as asterisk:
        (etc / "extensions.conf").write_text("[default]\nexten => 2,1,Hangup()\n")
        await asterisk.reload("pbx_config")
        assert "'2'" in await asterisk.console("dialplan show default")


async def test_a_module_that_is_not_there_is_refused(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / "state") as asterisk:
        with pytest.raises(Refused, match="no_such_module"):
            await asterisk.reload("no_such_module")


async def test_two_run_side_by_side(program: Program, etc: Path, tmp_path: Path) -> None:
    other = write_etc(tmp_path / "other-etc", "127.0.19.2")
    async with Asterisk(program, etc, tmp_path / "a") as one, Asterisk(program, other, tmp_path / "b") as two:
        assert one.pid != two.pid
        assert "127.0.19.2:19060" in await two.console("pjsip show transports")


async def test_one_folder_carries_one_process(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / "state"):
        with pytest.raises(StillRunning):
            await Asterisk(program, etc, tmp_path / "state").start()


async def test_a_killed_one_starts_again(program: Program, etc: Path, tmp_path: Path) -> None:
    asterisk = Asterisk(program, etc, tmp_path / "state")
    await asterisk.start()
    await asterisk.kill()
    with pytest.raises(SwitchLost):
        await asterisk.console("core show uptime")
    await asterisk.start()
    assert "uptime" in (await asterisk.console("core show uptime")).lower()
    await asterisk.stop()


async def test_its_end_can_be_waited_for(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / "state") as asterisk:
        os.kill(asterisk.pid, 9)
        with anyio.fail_after(5):
            assert await asterisk.ended() == -9


async def test_what_a_dead_process_left_behind_is_ended(program: Program, etc: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    asterisk = Asterisk(program, etc, state)
    await asterisk.start()
    await asterisk.stop()
    left = await launch(program.argv("-C", str(state / "asterisk.conf"), "-f"), state / "log/left")
    await anyio.sleep(1)  # time to boot: until then it hears no signal
    await asterisk.start()
    with anyio.fail_after(5):
        await left.ended()
    assert asterisk.pid != left.pid
    await asterisk.stop()


async def test_a_path_too_long_for_a_socket_serves_too(program: Program, etc: Path, tmp_path: Path) -> None:
    async with Asterisk(program, etc, tmp_path / ("deep" * 25)) as asterisk:
        assert "Asterisk" in await asterisk.console("core show version")


async def test_one_that_cannot_boot_tells_its_last_words(program: Program, etc: Path, tmp_path: Path) -> None:
    (etc / "modules.conf").unlink()
    with pytest.raises(NotStarted, match=r"'modules\.conf' invalid or missing"):
        await Asterisk(program, etc, tmp_path / "state").start()
