"""Configurations tried with Asterisk's own parser, beside an Asterisk that runs on the same ports."""

import socket
from pathlib import Path

import anyio
import pytest

from node.parts.asterisk import Asterisk
from node.parts.folder import local_folder
from node.parts.program import Part, Program, find
from node.parts.trial import trial

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_MODULES = """\
res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_geolocation res_statsd res_pjsip
pbx_config res_timing_timerfd"""


_CALLING_MODULES = """\
res_http_websocket res_websocket_client res_stasis res_ari_model res_ari res_pjsip_outbound_registration"""


@pytest.fixture
def program() -> Program:
    return find(Part.ASTERISK, local_folder())


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    etc = tmp_path / "etc"
    etc.mkdir()
    loads = "\n".join(f"load = {name}.so" for name in _MODULES.split())
    (etc / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}\n")
    (etc / "pjsip.conf").write_text("[udp]\ntype = transport\nprotocol = udp\nbind = 127.0.19.3:19063\n")
    (etc / "http.conf").write_text("[general]\nenabled = yes\nbindaddr = 127.0.19.3\nbindport = 19083\n")
    (etc / "extensions.conf").write_text("[default]\nexten => 1,1,Answer()\n")
    return etc


async def test_nothing_is_said_about_a_good_one_and_no_port_is_taken(
    program: Program, etc: Path, tmp_path: Path
) -> None:
    async with Asterisk(program, etc, tmp_path / "state") as running:
        assert await trial(etc, program) == []
        assert "127.0.19.3:19063" in await running.console("pjsip show transports")


def _listening(kind: socket.SocketKind) -> socket.socket:
    listener = socket.socket(socket.AF_INET, kind)
    listener.bind(("127.0.19.5", 0))
    if kind is socket.SOCK_STREAM:
        listener.listen()
    return listener


async def _hears(listener: socket.socket, timeout_s: float) -> bool:
    with anyio.move_on_after(timeout_s):
        await anyio.wait_readable(listener)
        return True
    return False


async def test_a_trial_calls_nobody_where_the_real_one_does(
    program: Program, etc: Path, tmp_path: Path
) -> None:
    with _listening(socket.SOCK_STREAM) as controller, _listening(socket.SOCK_DGRAM) as registrar:
        with (etc / "modules.conf").open("a") as modules:
            modules.write("".join(f"load = {name}.so\n" for name in _CALLING_MODULES.split()))
        (etc / "ari.conf").write_text(
            "[general]\nenabled = yes\n[me]\ntype = user\npassword = x\n[out]\ntype = outbound_websocket\n"
            "websocket_client_id = controller\napps = line\nlocal_ari_user = me\n"
        )
        (etc / "websocket_client.conf").write_text(
            "[controller]\ntype = websocket_client\nconnection_type = persistent\nprotocols = ari\n"
            f"uri = ws://127.0.19.5:{controller.getsockname()[1]}/ari\n"
        )
        with (etc / "pjsip.conf").open("a") as pjsip:
            pjsip.write(
                f"[trunk]\ntype = registration\nserver_uri = sip:127.0.19.5:{registrar.getsockname()[1]}\n"
            )
            pjsip.write("client_uri = sip:me@127.0.19.5\ntransport = udp\n")
        assert await trial(etc, program) == []
        assert not await _hears(controller, 0.5)
        assert not await _hears(registrar, 0.5)
        async with Asterisk(program, etc, tmp_path / "state"):
            assert await _hears(controller, 20)
            assert await _hears(registrar, 20)


async def test_a_broken_line_of_the_dialplan_is_told(program: Program, etc: Path) -> None:
    (etc / "extensions.conf").write_text("[default]\nexten => 1,1,Answer()\nno equal sign\n")
    (complaint,) = await trial(etc, program)
    assert (complaint.file, complaint.line) == ("extensions.conf", 3)


async def test_an_unknown_option_of_sip_is_told(program: Program, etc: Path) -> None:
    (etc / "pjsip.conf").write_text("[phone]\ntype = endpoint\ncolour = red\n")
    told = [(complaint.file, complaint.line) for complaint in await trial(etc, program)]
    assert ("pjsip.conf", 3) in told


async def test_an_include_that_leads_nowhere_is_told(program: Program, etc: Path) -> None:
    (etc / "extensions.conf").write_text("#include more.conf\n")
    assert any("more.conf" in complaint.message for complaint in await trial(etc, program))


async def test_one_that_does_not_boot_is_a_complaint(program: Program, etc: Path) -> None:
    (etc / "modules.conf").unlink()
    told = [complaint.message for complaint in await trial(etc, program)]
    assert any("modules.conf" in message for message in told)
