"""Reading the admin's file: every mistake is found, at its line, and no secret is told."""

# ruff: noqa: E501 - one mistake a line is easiest to read

from pathlib import Path

import pytest

from core.errors import BadInput
from dialplan.directory import Directory
from dialplan.mistakes import Mistakes
from dialplan.read import AdminFile, read

FLOWS = frozenset({"pay_bill", "speak_to_agent"})
EXAMPLE = Path(__file__).parents[3] / "dialplan" / "example.yaml"

GOOD = """\
ari: {password: 12345678}
numbers:
  1000: {flow: pay_bill}
extensions:
  201: {password: a-good-one}
"""


def _read(folder: Path, text: str, environment: dict[str, str] | None = None) -> AdminFile:
    file = folder / "exchange.yaml"
    file.write_text(text)
    return read(file, environment or {}, flows=FLOWS)


def _mistakes(folder: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Mistakes) as raised:
        _read(folder, text, environment)
    return [str(mistake).removeprefix("exchange.yaml:") for mistake in raised.value.mistakes]


def test_the_shipped_example_has_no_mistake() -> None:
    exchange = read(EXAMPLE, {}, flows=FLOWS).exchange
    assert exchange.bind == "127.0.0.1"
    assert exchange.numbers["1000"].flow == "pay_bill"


def test_the_languages_of_all_numbers_are_known(tmp_path: Path) -> None:
    numbers = "1001: {flow: pay_bill, language: es}\n  1002: {flow: pay_bill, language: es}\n"
    read_file = _read(tmp_path, GOOD.replace("extensions:", f"  {numbers}extensions:"))
    assert Directory(read_file.exchange).languages == ("en", "es")


def test_the_example_takes_its_ports_from_the_environment() -> None:
    exchange = read(EXAMPLE, {"TELLERLINE_SIP_PORT": "19360"}, flows=FLOWS).exchange
    assert exchange.sip.udp == 19360


def test_passwords_that_everybody_knows_are_refused_where_others_can_use_them() -> None:
    with pytest.raises(Mistakes) as raised:
        read(EXAMPLE, {"TELLERLINE_BIND": "0.0.0.0"}, flows=FLOWS)
    told = [mistake.key for mistake in raised.value.mistakes]
    assert told == ["extensions.201.password", "extensions.202.password"]


def test_passwords_of_ones_own_are_taken_anywhere() -> None:
    own = {
        "TELLERLINE_BIND": "0.0.0.0",
        "TELLERLINE_PHONE_201": "one-of-ours",
        "TELLERLINE_PHONE_202": "another-one",
    }
    assert read(EXAMPLE, own, flows=FLOWS).exchange.bind == "0.0.0.0"


def test_overrides_replace_and_add_values_by_dotted_keys() -> None:
    overrides = {"sip.tcp": "19361", "nat.external_address": "203.0.113.5", "ari.password": "another-one"}
    exchange = read(EXAMPLE, {}, overrides=overrides).exchange
    assert exchange.sip.tcp == 19361
    assert exchange.nat is not None
    assert exchange.ari.password.get_secret_value() == "another-one"


def test_numbers_keep_their_zeros_and_their_plus(tmp_path: Path) -> None:
    text = GOOD.replace("1000:", "0800:").replace("{flow: pay_bill}", "{flow: pay_bill, also: [+15550100]}")
    exchange = _read(tmp_path, text).exchange
    assert list(exchange.numbers) == ["0800"]
    assert exchange.numbers["0800"].also == ("+15550100",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("ari: {password: 12345678}\n", "", "1: ari: is missing: The controller's connection."),
        ("{flow: pay_bill}", "{}", "3: numbers.1000.flow: is missing: The flow that talks to the caller."),
        (
            "pay_bill",
            "pay_bil",
            "3: numbers.1000.flow: there is no flow pay_bil; did you mean pay_bill?",
        ),
        ("1000:", "10-00:", "3: numbers.10-00: must be 2 to 15 digits, with a + before them or not"),
        (
            "flow: pay_bill",
            "flow: pay_bill, flw: x",
            "3: numbers.1000.flw: there is no such key; did you mean flow?",
        ),
        (
            "a-good-one",
            "short",
            "5: extensions.201.password: is too short to keep strangers out: use 8 characters or more",
        ),
        (
            "a-good-one",
            "a-good-one, dtmf: rfc4734",
            "5: extensions.201.dtmf: must be 'rfc4733', 'info', 'inband' or 'auto'; did you mean rfc4733?",
        ),
        ("a-good-one", "a-good-one, ring_s: 4", "5: extensions.201.ring_s: must be 5 or more"),
        ("a-good-one", "a-good-one, ring_s: soon", "5: extensions.201.ring_s: must be a whole number"),
        ("a-good-one", "a-good-one, webrtc: perhaps", "5: extensions.201.webrtc: must be yes or no"),
        (
            "a-good-one",
            "a-good-one, user: alex",
            "5: extensions.201.user: must be a mail address, such as alex@example.com",
        ),
        (
            "a-good-one",
            "a-good-one, user: alex@example.com",
            "5: extensions.201.user: takes calls in a browser: set `webrtc: yes`",
        ),
        (
            "a-good-one}",
            "a-good-one, webrtc: yes, user: a@example.com}\n"
            "  202: {password: b-good-one, webrtc: yes, user: A@example.com}",
            "6: extensions.202.user: A@example.com has the extension 201 already",
        ),
        (
            "a-good-one",
            "a-good-one, srtp: sdes",
            "5: extensions.201.srtp: sdes sends its key within SIP: give `sip.tls` a port, or use dtls",
        ),
        (
            "  201:",
            "  1000:",
            "5: extensions.1000: 1000 is one of the line's numbers already: choose another extension",
        ),
        (
            "a-good-one}",
            "a-good-one}\n  201: {password: b-good-one}",
            "6: extensions.201: stands here twice, first on line 5",
        ),
        (
            "flow: pay_bill",
            "flow: pay_bill, also: [201]",
            "3: numbers.1000.also.0: 201 is used already, by extensions.201",
        ),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert _mistakes(tmp_path, GOOD.replace(old, new, 1)) == [expected]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("queues: {billing: {agents: [210]}}", "6: queues.billing.agents.0: there is no extension 210; did you mean 201?"),
        ("queues: {billing: {agents: [201, 201]}}", "6: queues.billing.agents.1: 201 is in this queue already"),
        ("queues: {default: {agents: [201]}}", "6: queues.default: default is a word of Asterisk's own: choose another name"),
        ("fallback: {then: 1000}", "6: fallback.then: 1000 needs the controller too: name an extension, a queue or a number outside"),
        ("fallback: {then: 211}", "6: fallback.then: there is no extension or queue 211, and no trunk dials it; did you mean 201?"),
        ("fallback: {say: [/no/such/sound]}", "6: fallback.say.0: there is no sound file /no/such/sound.*"),
        ("rtp: {first: 5000, last: 6000}", "6: rtp.first: SIP's UDP port 5060 lies among the ports for sound, 5000 to 6000"),
        ("rtp: {first: 7000, last: 6000}", "6: rtp.last: leaves too few ports after 7000: give at least 8"),
        ("rtp: {first: 70000}", "6: rtp.first: must be 65535 or less"),
        ("sip: {tcp: 8088}", "1: ari.port: 8088 is taken by sip.tcp"),
        ("sip: {udp: off}", "6: sip: leaves no way in: open one of udp, tcp, tls, wss"),
        ("sip: {tls: 5061}", "6: sip.tls: needs a certificate: add `tls:` with `certificate` and `key`"),
        ("bind: localhost", "6: bind: must be an IP address such as 127.0.0.1, or 0.0.0.0 for all"),
        ("codecs: [ulow]", "6: codecs.0: must be 'ulaw', 'alaw', 'g722', 'opus' or 'gsm'; did you mean ulaw?"),
        ("codecs: ulaw", "6: codecs: must be a list, such as [a, b]"),
        ("trunks: {carrier: {kind: peer, host: h.example.com, transport: tcp}}", "6: trunks.carrier.transport: needs a port: give `sip.tcp` one"),
        ("trunks: {carrier: {kind: registration, host: h.example.com}}", "6: trunks.carrier: a registration needs `user` and `password`"),
        ("trunks: {carrier: {kind: peer, host: h.example.com, backup: other}}", "6: trunks.carrier.backup: there is no other trunk other"),
        ("trunks: {aa: {kind: peer, host: a.example.com, dials: [+1]}, bb: {kind: peer, host: b.example.com, dials: [+1]}}", "6: trunks.bb.dials.0: +1 is dialed by trunks.aa already"),
        ("trunks: {carrier: {kind: peer, host: h.example.com, srtp: sdes}}", "6: trunks.carrier.srtp: sdes sends its key within SIP: set `transport: tls`, or use dtls"),
        ("trunks: {carrier: {kind: peer, host: 'h.example.com;lr'}}", "6: trunks.carrier.host: must be a host name such as sip.example.com, or an IP address"),
        ("nat: {external_address: 203.0.113.5, local_networks: [10.0.0.0/40]}", "6: nat.local_networks.0: must be a network such as 192.0.2.0/24, or one address"),
        ("modules: ['app_amd.so']", "6: modules.0: must be a module's name such as app_amd, without .so"),
        ("numbrs: 1", "6: numbrs: there is no such key; did you mean numbers?"),
    ],
)  # fmt: skip
def test_a_mistake_between_keys_is_told_at_its_line(tmp_path: Path, added: str, expected: str) -> None:
    assert _mistakes(tmp_path, f"{GOOD}{added}\n") == [expected]


def test_the_outbound_connection_needs_the_address_of_the_controller(tmp_path: Path) -> None:
    text = GOOD.replace("12345678}", "12345678, connect: asterisk_to_us}")
    assert "1: ari.controller: is missing" in _mistakes(tmp_path, text)[0]


def test_files_that_are_missing_are_told(tmp_path: Path) -> None:
    added = "tls:\n  certificate: c.pem\n  key: k.pem\nmusic: {folder: tunes}\nfragments: [own/*.conf]\n"
    assert _mistakes(tmp_path, GOOD + added) == [
        f"7: tls.certificate: there is no file {tmp_path}/c.pem",
        f"8: tls.key: there is no file {tmp_path}/k.pem",
        f"9: music.folder: there is no folder {tmp_path}/tunes",
        f"10: fragments.0: there is no file {tmp_path}/own/*.conf: make it, or leave this line out",
    ]


def test_all_mistakes_are_told_at_once_also_those_between_keys(tmp_path: Path) -> None:
    text = (
        GOOD.replace("a-good-one", "short").replace("pay_bill", "pay_bil")
        + "queues: {aa: {agents: [999]}}\nfoo: 1\n"
    )
    found = _mistakes(tmp_path, text)
    assert [mistake.split(":")[0] for mistake in found] == ["3", "5", "6", "7"]


def test_a_fragment_without_a_context_is_told_with_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "own.conf").write_text("; mine\n\nexten => 300,1,NoOp()\n")
    (mistake,) = _mistakes(tmp_path, GOOD + "fragments: [own.conf]\n")
    assert mistake.startswith(f"{tmp_path}/own.conf:3: a piece of dialplan must begin with its [context]")


def test_fragments_come_in_the_order_of_their_names_and_each_once(tmp_path: Path) -> None:
    for name in ("b.conf", "a.conf"):
        (tmp_path / name).write_text("[mine]\n")
    fragments = _read(tmp_path, GOOD + "fragments: ['*.conf', b.conf]\n").fragments
    assert [fragment.path.name for fragment in fragments] == ["a.conf", "b.conf"]


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    (mistake,) = _mistakes(tmp_path, GOOD.replace("12345678", '"${ARI_SECRET}"'))
    assert (
        mistake
        == "1: ari.password: the environment has no ARI_SECRET: set it, or write ${ARI_SECRET:-a default}"
    )


def test_what_the_environment_holds_stays_one_value(tmp_path: Path) -> None:
    exchange = _read(
        tmp_path, GOOD.replace("12345678", '"${SECRET}"'), {"SECRET": "x: {y}, [z] #;$$"}
    ).exchange
    assert exchange.ari.password.get_secret_value() == "x: {y}, [z] #;$$"


def test_two_dollars_are_one(tmp_path: Path) -> None:
    assert (
        _read(tmp_path, GOOD.replace("12345678", '"p$${X}word"')).exchange.ari.password.get_secret_value()
        == "p${X}word"
    )


def test_a_trunks_password_written_out_is_refused_without_telling_it(tmp_path: Path) -> None:
    trunk = (
        "trunks: {carrier: {kind: registration, host: h.example.com, user: me, password: hunter2hunter2}}\n"
    )
    (mistake,) = _mistakes(tmp_path, GOOD + trunk)
    assert (
        mistake
        == "6: trunks.carrier.password: is written out here: put it into the environment, and write ${NAME}"
    )


@pytest.mark.parametrize("secret", ["hunter2", "hunter2 {", "[hunter2", "hunter2: : x", "&hunter2 !!x"])
def test_no_message_tells_a_password_of_the_file(tmp_path: Path, secret: str) -> None:
    assert not any("hunter2" in mistake for mistake in _mistakes(tmp_path, GOOD.replace("12345678", secret)))


@pytest.mark.parametrize("secret", ["hunter2", "hunter2hunter2\nmore", " hunter2 hunter2"])
def test_no_message_tells_a_password_of_the_environment(tmp_path: Path, secret: str) -> None:
    (mistake,) = _mistakes(tmp_path, GOOD.replace("12345678", '"${S}"'), {"S": secret})
    assert mistake.startswith("1: ari.password: ")
    assert "hunter2" not in mistake


def test_a_misspelled_part_is_told_with_what_is_missing_for_it(tmp_path: Path) -> None:
    assert _mistakes(tmp_path, GOOD.replace("ari:", "arri:")) == [
        "1: ari: is missing: The controller's connection.",
        "1: arri: there is no such key; did you mean ari?",
    ]


def test_a_variable_without_its_quotes_in_braces_is_explained(tmp_path: Path) -> None:
    (mistake,) = _mistakes(tmp_path, GOOD.replace("12345678", "${SECRET}"))
    assert mistake.endswith('; within { } or [ ] write "${NAME}" with its quotes')


def test_a_repr_holds_no_secret(tmp_path: Path) -> None:
    assert "a-good-one" not in repr(_read(tmp_path, GOOD))


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "{", "\t- x", "a: \x00"])
def test_what_is_not_yaml_is_told(tmp_path: Path, text: str) -> None:
    assert "this is not YAML" in _mistakes(tmp_path, text)[0]


@pytest.mark.parametrize("text", ["", "just words", "- a list", "&a [*a]", "numbers: &a {1000: *a}"])
def test_what_is_no_exchange_is_told(tmp_path: Path, text: str) -> None:
    assert _mistakes(tmp_path, text)


def test_aliases_that_multiply_are_stopped(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert any("repeats itself" in mistake for mistake in _mistakes(tmp_path, bomb))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no .*none\.yaml"):
        read(tmp_path / "none.yaml", {})
