"""The rendered files: what callers and assessors rely on, and that no value can leave its line."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.errors import BadInput
from dialplan.conf import escaped, section
from dialplan.diff import difference, masked
from dialplan.directory import Directory
from dialplan.exchange import Exchange
from dialplan.read import read
from dialplan.reference import reference
from dialplan.render import Fragment, render

EXAMPLE = Path(__file__).parents[3] / "dialplan" / "example.yaml"

_Sections = list[tuple[str, list[tuple[str, str]]]]


def _exchange(**more: object) -> Exchange:
    plain = {
        "ari": {"password": "controller-word", "media": "ws://127.0.0.1:19390/media"},
        "numbers": {"1000": {"flow": "pay_bill"}, "1001": {"flow": "speak_to_agent", "language": "es"}},
        "extensions": {"201": {"password": "phone-word", "name": "Alex"}},
        "queues": {"billing": {"agents": ["201"]}},
        "trunks": {
            "carrier": {"kind": "registration", "host": "sip.example.com", "user": "me",
                        "password": "trunk-word", "transport": "tcp", "dials": ["+"]},
            "near": {"kind": "peer", "host": "192.0.2.7", "dials": ["+1"], "backup": "carrier"},
        },
        "sip": {"udp": 5060, "tcp": 5060},
    }  # fmt: skip
    return Exchange.model_validate({**plain, **more})


def _parsed(text: str) -> _Sections:
    """Read as Asterisk's config.c does: `;` begins a comment unless it is escaped."""
    sections: _Sections = []
    for line in text.split("\n"):
        bare = re.split(r"(?<!\\);", line, maxsplit=1)[0].replace("\\;", ";").strip()
        if bare.startswith("["):
            sections.append((bare.strip("[]"), []))
        elif bare:
            key, _, value = bare.partition("=")
            sections[-1][1].append((key.strip(), value.lstrip(">").strip()))
    return sections


def _values(text: str, name: str, kind: str) -> dict[str, str]:
    for section_name, pairs in _parsed(text):
        if section_name == name and ("type", kind) in pairs:
            return dict(pairs)
    raise AssertionError(f"no [{name}] of type {kind}")


def test_the_same_exchange_gives_the_same_files() -> None:
    assert render(_exchange()) == render(_exchange())


def test_every_file_says_where_it_comes_from() -> None:
    assert all(
        text.startswith("; Written by `tellerline dialplan apply`") for text in render(_exchange()).values()
    )


def test_a_number_goes_to_its_flow_in_its_language_and_falls_back_without_a_controller() -> None:
    dialplan = render(_exchange())["extensions.conf"]
    assert (
        "exten => 1001,1,Set(CHANNEL(language)=es)\n"
        " same => n,Stasis(tellerline,flow=speak_to_agent,number=1001,language=es)\n"
        ' same => n,GotoIf($["${STASISSTATUS}" = "FAILED"]?tellerline-fallback,fallback,1)\n'
    ) in dialplan


def test_a_trunks_callers_reach_the_numbers_and_nothing_that_costs_money() -> None:
    files = render(_exchange())
    trunk = _values(files["pjsip.conf"], "carrier", "endpoint")
    assert trunk["context"] == "tellerline-in"
    assert trunk["allow_transfer"] == "no"
    inbound = dict(_parsed(files["extensions.conf"]))["tellerline-in"]
    assert not any("include" in key or "Dial" in value for key, value in inbound)


def test_a_prefix_is_dialed_by_its_trunk_and_then_by_the_backup() -> None:
    dialplan = render(_exchange())["extensions.conf"]
    assert "exten => _+1X.,1,Dial(PJSIP/${EXTEN}@near,60)" in dialplan
    assert "Dial(PJSIP/${EXTEN}@carrier,60))" in dialplan


def test_a_phone_is_told_which_call_it_rings_for() -> None:
    dialplan = dict(_parsed(render(_exchange())["extensions.conf"]))
    told = [value for _, value in dialplan["tellerline-told"]]
    assert "PJSIP_HEADER(add,X-Tellerline-Call)" in told[0]
    assert told[1].endswith("Return()")
    rung = [value for _, value in dialplan["tellerline-dial"] if "Dial(PJSIP/2" in value or "Queue(" in value]
    assert rung
    assert all("b(tellerline-told^told^1)" in value for value in rung)


def test_keys_are_never_logged_counted_or_sent_to_ami() -> None:
    files = render(_exchange())
    levels = dict(_parsed(files["logger.conf"]))["logfiles"]
    assert {level for _, value in levels for level in value.split(",")} == {"notice", "warning", "error"}
    assert ("enable", "no") in dict(_parsed(files["cel.conf"]))["general"]
    assert "DTMF" not in str(_parsed(files["cel.conf"]))
    assert ("enabled", "no") in dict(_parsed(files["manager.conf"]))["general"]
    assert "res_pjsip_logger" not in files["modules.conf"]
    assert "pbx_spool" not in files["modules.conf"]


def test_sound_always_passes_asterisk_so_that_keys_can_be_hidden() -> None:
    text = render(_exchange())["pjsip.conf"]
    assert text.count("type = endpoint") == text.count("direct_media = no") == 3


@pytest.mark.parametrize("mode", ["rfc4733", "info", "inband", "auto"])
def test_each_end_has_its_dtmf_mode(mode: str) -> None:
    files = render(_exchange(extensions={"201": {"password": "phone-word", "dtmf": mode}}))
    assert _values(files["pjsip.conf"], "201", "endpoint")["dtmf_mode"] == mode


def test_a_browser_gets_webrtc_and_its_transport() -> None:
    tls = {"certificate": "/etc/ssl/line.pem", "key": "/etc/ssl/line.key"}
    phone = {"201": {"password": "phone-word", "webrtc": "yes"}}
    files = render(_exchange(extensions=phone, sip={"wss": 8089, "tls": 5061}, tls=tls))
    endpoint = _values(files["pjsip.conf"], "201", "endpoint")
    assert (endpoint["webrtc"], endpoint["media_encryption"]) == ("yes", "dtls")
    assert _values(files["pjsip.conf"], "transport-tls", "transport")["cert_file"] == "/etc/ssl/line.pem"
    assert dict(dict(_parsed(files["http.conf"]))["general"])["tlsbindaddr"] == "127.0.0.1:8089"
    assert ("icesupport", "yes") in dict(_parsed(files["rtp.conf"]))["general"]


def test_a_registration_knows_its_own_calls_and_a_peer_is_known_by_its_address() -> None:
    text = render(_exchange())["pjsip.conf"]
    registration = _values(text, "carrier", "registration")
    assert registration["server_uri"] == "sip:sip.example.com:5060;transport=tcp"
    assert (registration["line"], registration["endpoint"]) == ("yes", "carrier")
    assert _values(text, "near", "identify")["match"] == "192.0.2.7"


def test_nat_is_told_to_every_transport() -> None:
    nat = {"external_address": "203.0.113.5", "local_networks": ["10.0.0.0/8"]}
    text = render(_exchange(nat=nat))["pjsip.conf"]
    assert text.count("external_media_address = 203.0.113.5") == text.count("type = transport") == 2


def test_ari_is_closed_to_all_but_the_networks_allowed() -> None:
    rules = dict(_parsed(render(_exchange())["http.conf"]))["/ari"]
    assert rules[:3] == [("type", "restriction"), ("deny", "0.0.0.0/0"), ("deny", "::/0")]
    assert ("permit", "127.0.0.0/8") in rules


def test_asterisk_can_be_the_one_who_connects() -> None:
    ari = {
        "password": "controller-word",
        "connect": "asterisk_to_us",
        "controller": "wss://line.example.com/ari",
    }
    files = render(_exchange(ari=ari))
    outbound = dict(dict(_parsed(files["ari.conf"]))["tellerline-outbound"])
    assert (outbound["type"], outbound["apps"]) == ("outbound_websocket", "tellerline")
    client = dict(dict(_parsed(files["websocket_client.conf"]))[outbound["websocket_client_id"]])
    assert (client["connection_type"], client["tls_enabled"]) == ("persistent", "yes")


def test_the_sounds_websocket_speaks_json_and_opens_with_a_call() -> None:
    files = render(_exchange())
    assert "control_message_format = json" in files["chan_websocket.conf"]
    assert (
        dict(dict(_parsed(files["websocket_client.conf"]))["tellerline-media"])["connection_type"]
        == "per_call_config"
    )


def test_queues_name_their_agents() -> None:
    queue = dict(_parsed(render(_exchange())["queues.conf"]))["billing"]
    assert ("member", "PJSIP/201,0,Alex,PJSIP/201") in queue


def test_fragments_come_along_as_they_are() -> None:
    fragment = Fragment(Path("/srv/own/night shift.conf"), "[mine] ; odd\nexten=>300,1,NoOp(;)\n")
    files = render(_exchange(), [fragment])
    assert files["fragments/01-night_shift.conf"] == fragment.text
    assert files["extensions.conf"].endswith('#include "fragments/01-night_shift.conf"\n')


def test_the_rendering_can_be_told_by_its_mark() -> None:
    def mark(exchange: Exchange) -> str:
        return dict(dict(_parsed(render(exchange)["extensions.conf"]))["globals"])["TELLERLINE_RENDERED"]

    assert mark(_exchange()) == mark(_exchange())
    assert mark(_exchange()) != mark(_exchange(language="de"))


def test_a_diff_hides_passwords_but_shows_that_one_is_new() -> None:
    old = render(_exchange())
    shown = difference(old, render(_exchange(extensions={"201": {"password": "other-word"}})))
    assert "+password = *** (new)" in shown
    assert "word" not in shown.replace("password", "")
    assert difference(old, old) == ""
    assert "trunk-word" not in masked(old["pjsip.conf"])


class TestDirectory:
    """Names that can be called."""

    @pytest.mark.parametrize(
        ("to", "endpoint"),
        [
            ("201", "PJSIP/201"),
            ("billing", "Local/billing@tellerline-dial"),
            ("1000", "Local/1000@tellerline-dial"),
            ("+15550100", "PJSIP/+15550100@near"),
            ("+445550100", "PJSIP/+445550100@carrier"),
        ],
    )
    def test_a_name_becomes_what_asterisk_dials(self, to: str, endpoint: str) -> None:
        assert Directory(_exchange()).endpoint(to) == endpoint

    @pytest.mark.parametrize(
        "to", ["", "209", "+1", "5550100", "+1555@evil", "+1555\n", "201&PJSIP/202", "+\uff11555"]
    )
    def test_an_unknown_name_is_refused(self, to: str) -> None:
        with pytest.raises(BadInput, match="nobody is called"):
            Directory(_exchange()).endpoint(to)


_PLACES: tuple[tuple[str, ...], ...] = (
    ("bind",), ("language",), ("ari", "user"), ("ari", "password"), ("ari", "listen"), ("ari", "media"),
    ("rtp", "stun"), ("nat", "external_address"), ("music", "folder"), ("tls", "certificate"), ("tls", "key"),
    ("numbers", "1000", "flow"), ("numbers", "1000", "language"), ("extensions", "201", "name"),
    ("extensions", "201", "password"), ("trunks", "carrier", "host"), ("trunks", "carrier", "user"),
    ("trunks", "carrier", "password"), ("trunks", "carrier", "caller_id"), ("fallback", "then"),
)  # fmt: skip
_NAMES = ("numbers", "extensions", "queues", "trunks")
_NASTY = st.text(
    st.sampled_from("\n\r;[]#=>\\\"'`${}(),<>&|@ \t\0\x85\u2028a1-+/:.") | st.characters(), max_size=40
)


def _set(tree: dict[str, object], key: tuple[str, ...], value: object) -> None:
    for name in key[:-1]:
        inner = tree.setdefault(name, {})
        assert isinstance(inner, dict)
        tree = inner
    tree[key[-1]] = value


def _shape(exchange: Exchange) -> list[tuple[str, str, list[str]]]:
    return [
        (name, part, [key for key, _ in pairs])
        for name, text in render(exchange).items()
        for part, pairs in _parsed(text)
    ]


def _full() -> dict[str, object]:
    tls = {"certificate": "/a.pem", "key": "/a.key"}
    tree = _exchange(tls=tls, sip={"udp": 5060, "tcp": 5060, "tls": 5061, "wss": 8089}).model_dump()
    for key in _PLACES:
        if key[-1] == "password":
            _set(tree, key, "some-password")
    _set(tree, ("rtp", "stun"), "stun.example.com")
    _set(tree, ("nat",), {"external_address": "203.0.113.5"})
    _set(tree, ("trunks", "carrier", "caller_id"), "+15550100")
    _set(tree, ("fallback", "then"), "201")
    return tree


@given(key=st.sampled_from(_PLACES), value=_NASTY)
def test_no_value_adds_a_section_a_key_or_a_line(key: tuple[str, ...], value: str) -> None:
    tree = _full()
    expected = _shape(Exchange.model_validate(tree))
    _set(tree, key, value)
    try:
        exchange = Exchange.model_validate(tree)
    except ValidationError:
        return
    if key in {("ari", "user"), ("fallback", "then")}:
        expected = [(file, value if part == "tellerline" else part, keys) for file, part, keys in expected]
    assert len(_shape(exchange)) == len(expected)
    changed = [
        keys
        for (_, _, keys), (_, _, before) in zip(_shape(exchange), expected, strict=True)
        if keys != before
    ]
    assert key in {("ari", "media"), ("trunks", "carrier", "host")} or not changed


@given(group=st.sampled_from(_NAMES), name=_NASTY)
def test_no_name_is_more_than_a_name(group: str, name: str) -> None:
    tree = _full()
    entries = tree[group]
    assert isinstance(entries, dict)
    entries[name] = dict(next(iter(entries.values())))
    try:
        exchange = Exchange.model_validate(tree)
    except ValidationError:
        return
    assert re.fullmatch(r"[+0-9a-z_-]{2,40}", name)
    assert {part for _, part, _ in _shape(exchange)} <= {part for _, part, _ in _shape(_exchange())} | {
        name, "transport-tls", "transport-wss"}  # fmt: skip


@given(value=_NASTY)
def test_an_escaped_value_is_read_back_or_refused(value: str) -> None:
    try:
        written = escaped(value)
    except BadInput:
        return
    ((_, ((_, got),)),) = _parsed(f"[a]\nkey = {written}")
    assert got == value.lstrip(">") or value.startswith(">") or "\\;" in value


@pytest.mark.parametrize("name", ["a]b", "a\nb", "", "a b", "a;b"])
def test_a_section_cannot_be_named_so_that_it_ends_early(name: str) -> None:
    with pytest.raises(BadInput, match="cannot be named"):
        section(name, [])


def test_the_reference_names_every_key_and_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "exchange.md"
    assert page.read_text() == reference(), (
        "write it again: python -m dialplan.reference > docs/reference/exchange.md"
    )


def test_the_example_offers_what_the_demonstration_needs() -> None:
    admin = read(EXAMPLE, {})
    directory = Directory(admin.exchange)
    assert directory.endpoint("201") == "PJSIP/201"
    assert directory.endpoint("agents") == "Local/agents@tellerline-dial"
