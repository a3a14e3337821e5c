"""baresip, espeak-ng and SIPp run from the folder that they were unpacked into."""

import json
import subprocess
import wave
from pathlib import Path

import anyio
import pytest

from node.parts.baresip import baresip_argv, baresip_paths
from node.parts.debs import fetch
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder, parts_root
from node.parts.process import launch
from node.parts.program import Part, find

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_BARESIP_MODULES = "account menu ctrl_tcp g711 aufile ausine srtp dtls_srtp sndfile uuid"


async def _said(argv: list[str]) -> str:
    with anyio.fail_after(20):
        result = await anyio.run_process(argv, check=False, stderr=subprocess.STDOUT)
    return result.stdout.decode(errors="replace")


async def test_baresip_tells_its_version() -> None:
    assert "baresip v" in await _said(find(Part.BARESIP, local_folder()).argv("-h"))


async def test_baresip_loads_what_a_scripted_phone_needs_and_takes_commands(tmp_path: Path) -> None:
    program = find(Part.BARESIP, local_folder())
    modules = "\n".join(f"module {name}.so" for name in _BARESIP_MODULES.split())
    (tmp_path / "config").write_text(
        f"{baresip_paths(program)}sip_listen 127.0.19.4:19064\nnet_interface 127.0.0.1\n"
        f"ctrl_tcp_listen 127.0.19.4:19444\n{modules}\n"
    )
    (tmp_path / "accounts").write_text("<sip:phone@127.0.19.4;regint=0>;audio_source=ausine,440\n")
    phone = await launch(baresip_argv(program, tmp_path, "-v"), tmp_path / "said")
    try:
        answer = await _command("127.0.19.4", 19444, "uafind sip:phone@127.0.19.4")
    finally:
        await phone.kill()
    assert '"ok":true' in answer
    said = (tmp_path / "said").read_text()
    assert [line for line in said.splitlines() if "module" in line and ".so:" in line] == []


async def _command(host: str, port: int, line: str) -> str:
    name, _, params = line.partition(" ")
    message = json.dumps({"command": name, "params": params})
    with anyio.fail_after(5):
        while True:
            try:
                stream = await anyio.connect_tcp(host, port)
            except OSError:
                await anyio.sleep(0.02)
                continue
            async with stream:
                await stream.send(f"{len(message)}:{message},".encode())
                return (await stream.receive()).decode()


@pytest.mark.parametrize("voice", ["en-us", "de", "tr"])
async def test_espeak_says_a_sentence_into_a_file(tmp_path: Path, voice: str) -> None:
    file = tmp_path / "said.wav"
    await _said(
        espeak_argv(find(Part.ESPEAK_NG, local_folder()), "-v", voice, "-w", str(file), "one two three")
    )
    with wave.open(str(file)) as said:
        assert said.getnframes() / said.getframerate() > 0.5


async def test_sipp_can_play_audio_and_digits() -> None:
    said = await _said(find(Part.SIPP, local_folder()).argv("-v"))
    assert "SIPp v" in said
    assert "PCAP" in said


def test_parts_that_are_there_are_not_fetched_again() -> None:
    local = local_folder()
    find(Part.SIPP, local)
    before = parts_root(local).stat().st_mtime_ns
    fetch(local, lambda doing, done: pytest.fail(f"{doing} is not needed"))
    assert parts_root(local).stat().st_mtime_ns == before
