"""The rendered configuration on the real Asterisk 22: it boots clean, it is reloaded, it is taken back."""

import base64
import re
import subprocess
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from anyio import fail_after, to_thread
from click.testing import CliRunner

from dialplan.apply import Applied, NotTaken, apply, roll_back
from dialplan.check import check, write
from dialplan.generations import Generations
from dialplan.read import AdminFile, read
from dialplan.render import render
from node.commands.dialplan import dialplan
from node.commands.dialplan_asterisk import Remote, ThrowAway
from node.parts.asterisk import Asterisk
from node.parts.program import Program

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_EXAMPLE = Path(__file__).parents[3] / "dialplan" / "example.yaml"
_PORTS = {
    "TELLERLINE_SIP_PORT": "19360",
    "TELLERLINE_RTP_FIRST": "19310",
    "TELLERLINE_RTP_LAST": "19349",
    "TELLERLINE_ARI_PORT": "19388",
}
_FULL = """
sip: {udp: 19360, tcp: 19361, tls: 19362, wss: 19363}
tls: {certificate: line.pem, key: line.key, authorities: line.pem}
rtp: {first: 19310, last: 19349}
nat: {external_address: 203.0.113.5, local_networks: [127.0.0.0/8]}
codecs: [opus, g722, ulaw, alaw]
ari:
  password: ${ARI}
  port: 19388
  connect: asterisk_to_us
  controller: ws://127.0.0.1:19389/ari
  media: wss://127.0.0.1:19389/media
  authorities: line.pem
numbers:
  1000: {flow: pay_bill, also: [+15550100, 15550100], record: yes}
  1001: {flow: speak_to_agent, language: es}
trunks:
  carrier: {kind: registration, host: 127.0.0.2, port: 19365, transport: tcp, user: me, password: "${CARRIER}", dials: [+], caller_id: +15550100}
  near: {kind: peer, host: 127.0.0.3, transport: tls, srtp: sdes, dials: [+1], backup: carrier, dtmf: info}
extensions:
  201: {name: "Alex O'Hara [desk]", password: "pass;word, [with] #all", dtmf: auto}
  202: {password: phone-202-word, webrtc: yes, codecs: [opus, ulaw]}
  203: {password: phone-203-word, srtp: sdes, dtmf: inband, behind_nat: no}
queues:
  billing: {agents: [201, 203], strategy: ringall, record: yes}
fallback: {then: billing}
fragments: [own/*.conf]
call_records: yes
"""  # noqa: E501 - one trunk a line


def _full(folder: Path, fragment: str = "[mine]\nexten => 300,1,Playback(hello-world)\n") -> AdminFile:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=line.example.com",
         "-keyout", str(folder / "line.key"), "-out", str(folder / "line.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "own").mkdir()
    (folder / "own" / "shop.conf").write_text(fragment)
    (folder / "exchange.yaml").write_text(_FULL)
    return read(folder / "exchange.yaml", {"ARI": "ari-pass;word", "CARRIER": "carrier;pass"})


def _complaints(asterisk: Asterisk) -> list[str]:
    lines = (asterisk.logs / "messages.log").read_text().splitlines()
    return [line for line in lines if re.search(r"\b(ERROR|WARNING)\b", line)]


async def test_the_example_boots_without_a_complaint(etc: Path, stopped: Asterisk) -> None:
    write(etc, render(read(_EXAMPLE, _PORTS).exchange))
    await stopped.start()
    endpoints = await stopped.console("pjsip show endpoints")
    contexts = await stopped.console("dialplan show tellerline-in")
    assert _complaints(stopped) == []
    assert "201/201" in endpoints
    assert "202/202" in endpoints
    assert "Stasis(tellerline,flow=pay_bill,number=1000)" in contexts


async def test_everything_at_once_boots_and_is_what_was_asked_for(
    etc: Path, stopped: Asterisk, tmp_path: Path
) -> None:
    admin = _full(tmp_path)
    write(etc, render(admin.exchange, admin.fragments))
    await stopped.start()
    assert [
        line for line in _complaints(stopped) if "outbound_websocket" not in line and "websocket" not in line
    ] == []
    auth = await stopped.console("pjsip show auth 201")
    assert "pass;word, [with] #all" in auth
    transports = await stopped.console("pjsip show transports")
    assert all(f"transport-{kind}" in transports for kind in ("udp", "tcp", "tls", "wss"))
    assert "carrier/sip:127.0.0.2:19365" in await stopped.console("pjsip show registrations")
    assert "127.0.0.3/32" in await stopped.console("pjsip show identifies")
    assert "Playback(hello-world)" in await stopped.console("dialplan show 300@mine")
    assert "billing has 0 calls" in await stopped.console("queue show billing")
    assert "19363" in await stopped.console("http show status")
    assert "webrtc                             : yes" in await stopped.console("pjsip show endpoint 202")


async def test_no_key_reaches_a_log_or_record(etc: Path, stopped: Asterisk, tmp_path: Path) -> None:
    write(etc, render(_full(tmp_path).exchange))
    await stopped.start()
    channels = await stopped.console("logger show channels")
    assert "NOTICE WARNING ERROR" in channels
    assert "DTMF" not in channels
    assert "DTMF" not in await stopped.console("cel show status")
    assert "Disabled" in await stopped.console("cel show status")
    assert re.search(r"Manager \(AMI\):\s+No", await stopped.console("manager show settings"))


async def test_ari_answers_its_user_from_this_machine_and_nobody_else(etc: Path, stopped: Asterisk) -> None:
    exchange = read(_EXAMPLE, _PORTS).exchange
    write(etc, render(exchange))
    await stopped.start()
    good = await to_thread.run_sync(_ari, exchange.ari.password.get_secret_value())
    bad = await to_thread.run_sync(_ari, "another")
    assert (good, bad) == (200, 401)


async def test_ari_is_shut_for_networks_that_are_not_allowed(etc: Path, stopped: Asterisk) -> None:
    exchange = read(_EXAMPLE, _PORTS, overrides={"ari.password": "loopback-only"}).exchange
    elsewhere = exchange.model_copy(
        update={"ari": exchange.ari.model_copy(update={"allow": ("192.0.2.0/24",)})}
    )
    write(etc, render(elsewhere))
    await stopped.start()
    assert await to_thread.run_sync(_ari, "loopback-only") == 403


async def test_a_call_without_a_controller_hears_the_fallback(
    asterisk_program: Program, etc: Path, tmp_path: Path
) -> None:
    write(etc, render(read(_EXAMPLE, _PORTS).exchange))
    (etc / "logger.conf").write_text("[logfiles]\nconsole => verbose,warning,error\n")
    async with Asterisk(asterisk_program, etc, tmp_path / "state", options={"verbose": "3"}) as asterisk:
        call = "channels?endpoint=Local/1000@tellerline-in&context=tellerline-fallback&extension=fallback"
        assert await to_thread.run_sync(_ari, "loopback-only", call, b"{}") == 200
        said = ""
        with fail_after(10):
            while "-00000000;2> Playing 'sorry-youre-having-problems" not in said:
                await asterisk.console("core show uptime")
                said = (asterisk.logs / "console").read_text()
    assert "app 'tellerline' doesn't exist" in said


async def test_a_broken_fragment_is_refused_with_its_line_while_the_running_one_goes_on(
    etc: Path, stopped: Asterisk, asterisk_program: Program, tmp_path: Path
) -> None:
    admin = _full(tmp_path)
    generations, parser = Generations(etc), ThrowAway(asterisk_program)
    assert isinstance(await apply(admin, generations, parser), Applied)
    await stopped.start()
    before = await stopped.console("dialplan show")
    own = tmp_path / "own" / "shop.conf"
    own.write_text("[mine]\nexten => 300,1,Playback(hello-world)\n same => n,Goto(\n")
    broken = read(admin.path, {"ARI": "ari-pass;word", "CARRIER": "carrier;pass"})
    outcome = await apply(broken, generations, parser, stopped)
    assert isinstance(outcome, NotTaken)
    (mistake,) = outcome.mistakes
    assert (mistake.file, mistake.line) == (str(own), 3)
    assert "No closing parenthesis" in mistake.reason
    assert await stopped.console("dialplan show") == before
    assert generations.current == 1


@pytest.mark.parametrize(
    ("fragment", "line", "reason"),
    [
        (
            "[mine]\nexten => 300,1,Playbackk(hi)\n",
            2,
            "there is no application Playbackk; did you mean Playback?",
        ),
        ("[mine]\nexten => 300,1,NoOp()\n\ninclude => nowhere\n", 4, "nonexistent context 'nowhere'"),
        ("[mine]\nwhat is this\n", 2, "No '=' (equal sign)"),
        ("[mine]\n#include nothere.conf\n", 2, "does not exist"),
        ("[mine\nexten => 300,1,NoOp()\n", 1, "no closing ']'"),
    ],
)
async def test_a_mistake_in_a_fragment_is_found_at_its_line(
    asterisk_program: Program, tmp_path: Path, fragment: str, line: int, reason: str
) -> None:
    admin = _full(tmp_path, fragment)
    mistakes = await check(admin, render(admin.exchange, admin.fragments), ThrowAway(asterisk_program))
    assert (str(tmp_path / "own/shop.conf"), line) in {(mistake.file, mistake.line) for mistake in mistakes}
    assert any(reason in mistake.reason for mistake in mistakes)


async def test_a_good_file_with_all_keys_is_checked_without_a_complaint(
    asterisk_program: Program, tmp_path: Path
) -> None:
    admin = _full(tmp_path)
    assert await check(admin, render(admin.exchange, admin.fragments), ThrowAway(asterisk_program)) == []


async def test_a_key_that_is_no_certificate_is_told_at_the_admins_line(
    asterisk_program: Program, tmp_path: Path
) -> None:
    admin = _full(tmp_path)
    (tmp_path / "line.key").write_text("not a key")
    mistakes = await check(admin, render(admin.exchange, admin.fragments), ThrowAway(asterisk_program))
    assert any("line.key" in mistake.reason or mistake.key.startswith("sip.tls") for mistake in mistakes)


async def test_apply_and_rollback_change_the_running_asterisk(
    etc: Path, stopped: Asterisk, asterisk_program: Program, tmp_path: Path
) -> None:
    admin = _full(tmp_path)
    generations, parser = Generations(etc), ThrowAway(asterisk_program)
    await apply(admin, generations, parser)
    await stopped.start()
    text = admin.path.read_text()
    text = text.replace("  203:", "  204: {password: phone-204-word}\n  203:").replace("  1001:", "  1002:")
    text = text.replace("host: 127.0.0.3", "host: 127.0.0.4").replace("agents: [201, 203]", "agents: [204]")
    text = text.replace("127.0.0.2, port: 19365", "127.0.0.2, port: 19366").replace("ring_s: 20", "")
    admin.path.write_text(text)
    changed = read(admin.path, {"ARI": "ari-pass;word", "CARRIER": "carrier;pass"})

    assert isinstance(await apply(changed, generations, parser, stopped), Applied)
    assert "204/204" in await stopped.console("pjsip show endpoints")
    assert "127.0.0.4/32" in await stopped.console("pjsip show identifies")
    assert "19366" in await stopped.console("pjsip show registrations")
    assert "PJSIP/204" in await stopped.console("queue show billing")
    assert "number=1002" in await stopped.console("dialplan show tellerline-in")

    assert isinstance(await roll_back(generations, stopped), Applied)
    assert "204/204" not in await stopped.console("pjsip show endpoints")
    assert "127.0.0.3/32" in await stopped.console("pjsip show identifies")
    assert "PJSIP/203" in await stopped.console("queue show billing")
    assert "number=1002" not in await stopped.console("dialplan show tellerline-in")


async def test_a_new_queue_brings_its_module_into_the_running_asterisk(
    etc: Path, stopped: Asterisk, asterisk_program: Program, tmp_path: Path
) -> None:
    text = _EXAMPLE.read_text()
    file = tmp_path / "exchange.yaml"
    file.write_text(text.replace("queues:\n  agents:\n    agents: [201]\n", ""))
    generations, parser = Generations(etc), ThrowAway(asterisk_program)
    await apply(read(file, _PORTS), generations, parser)
    await stopped.start()
    file.write_text(text)
    outcome = await apply(read(file, _PORTS), generations, parser, stopped)
    assert isinstance(outcome, Applied)
    assert "module load app_queue.so" in outcome.commands
    assert "agents has 0 calls" in await stopped.console("queue show")


async def test_the_commands_do_it_all(
    etc: Path, stopped: Asterisk, asterisk_program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "exchange.yaml"
    file.write_text(_EXAMPLE.read_text())
    await _run("apply", "--file", str(file), "--etc", str(etc))
    await stopped.start()
    conf = tmp_path / "state" / "asterisk.conf"
    file.write_text(_EXAMPLE.read_text().replace("  1001:", "  1009:"))
    assert "+exten => 1009,1" in await _run("diff", "--file", str(file), "--etc", str(etc))
    said = await _run("apply", "--file", str(file), "--etc", str(etc), "--asterisk-conf", str(conf))
    assert "Generation 2 is in use; Asterisk has taken it over" in said
    assert "1009" in await Remote(asterisk_program, conf).console("dialplan show tellerline-in")
    said = await _run("rollback", "--etc", str(etc), "--asterisk-conf", str(conf))
    assert "Generation 1 is in use" in said
    assert "1009" not in await stopped.console("dialplan show tellerline-in")


async def test_a_file_with_mistakes_makes_check_fail(tmp_path: Path) -> None:
    file = tmp_path / "exchange.yaml"
    file.write_text(_EXAMPLE.read_text().replace("agents: [201]", "agents: [299]"))
    said = await _run("check", "--file", str(file), exit_code=1)
    assert re.search(r"exchange.yaml:\d+: queues.agents.agents.0: there is no extension 299", said)


async def _run(*arguments: str, exit_code: int = 0) -> str:
    runner = CliRunner()
    result = await to_thread.run_sync(partial(runner.invoke, dialplan, arguments, env=_PORTS))
    assert result.exit_code == exit_code, result.output
    return result.output


def _ari(password: str, resource: str = "asterisk/info", body: bytes | None = None) -> int:
    word = base64.b64encode(f"tellerline:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {word}", "Content-Type": "application/json"}
    request = Request(f"http://127.0.0.1:19388/ari/{resource}", body, headers)
    try:
        with urlopen(request, timeout=5) as answer:
            status: int = answer.status
            return status
    except HTTPError as problem:
        with problem:
            return problem.code
