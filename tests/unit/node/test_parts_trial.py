"""What Asterisk's log says about a configuration, and the copy that can do no harm."""

from pathlib import Path

import pytest

from node.parts.trial import ParserComplaint, complaints, harmless


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    (tmp_path / "extensions.conf").touch()
    (tmp_path / "pjsip.conf").touch()
    return tmp_path


def test_a_complaint_names_file_and_line(etc: Path) -> None:
    log = (
        "[Nov 20 19:40:50] NOTICE[6114] cdr.c: CDR simple logging enabled.\n"
        f"[Nov 20 19:40:50] WARNING[6114] config.c: No '=' (equal sign) in line 5 of {etc}/extensions.conf\n"
        "[Nov 20 19:40:50] WARNING[6114][C-00000001] pbx_config.c: No priority at line 6 of extensions.conf\n"
    )
    assert complaints(log, etc) == [
        ParserComplaint(
            "WARNING", "config.c", "extensions.conf", 5, "No '=' (equal sign) in line 5 of extensions.conf"
        ),
        ParserComplaint(
            "WARNING",
            "pbx_config.c",
            "extensions.conf",
            6,
            "No priority at line 6 of extensions.conf",
        ),
    ]


def test_a_complaint_without_a_line_still_names_its_file(etc: Path) -> None:
    log = (
        "[x] ERROR[1] res_sorcery_config.c: Could not create an object of type 'aor' from file 'pjsip.conf'\n"
    )
    (complaint,) = complaints(log, etc)
    assert (complaint.file, complaint.line) == ("pjsip.conf", 0)


def test_a_complaint_about_an_option_takes_its_file_from_the_one_about_its_object(etc: Path) -> None:
    log = (
        "[x] ERROR[1] config_options.c: Error parsing bind=0.0.0.0.0 at line 4 of \n"
        "[x] ERROR[1] res_sorcery_config.c: Could not create an object from configuration file 'pjsip.conf'\n"
    )
    option, _ = complaints(log, etc)
    assert (option.file, option.line) == ("pjsip.conf", 4)
    assert option.message.endswith("at line 4 of pjsip.conf")


def test_a_message_of_many_lines_is_one_complaint(etc: Path) -> None:
    log = "[x] ERROR[1] pbx_config.c: first\n second\n[x] NOTICE[1] pbx.c: other\n"
    (complaint,) = complaints(log, etc)
    assert complaint.message == "first\n second"


def test_files_that_nobody_wrote_are_of_no_concern(etc: Path) -> None:
    assert complaints("[x] ERROR[1] config_options.c: Unable to load config file 'cel.conf'\n", etc) == []


def test_an_include_that_leads_nowhere_is_of_concern(etc: Path) -> None:
    log = "[x] ERROR[1] config.c: The file 'more.conf' was listed as a #include but it does not exist.\n"
    assert len(complaints(log, etc)) == 1


def test_the_aftermath_of_a_refused_module_is_not_told_twice(etc: Path) -> None:
    log = "[x] ERROR[1] loader.c: app_queue declined to load.\n"
    assert complaints(log, etc) == []


@pytest.mark.parametrize(
    ("line", "harmless_line"),
    [
        ("bind = 0.0.0.0:5060 ; all", "bind = 127.64.0.1:5060 ; all"),
        ("bind=[::]:5061", "bind=127.64.0.1:5061"),
        ("bindaddr => 192.0.2.7", "bindaddr => 127.64.0.1"),
        ("tlsbindaddr = ::", "tlsbindaddr = 127.64.0.1"),
        ("connection_type = persistent", "connection_type = per_call_config"),
        ("server_uri = sip:trunk.example:5070", "server_uri = sip:192.0.2.1:5070"),
        ("server_uri=sips:me@[::1]\\;lr", "server_uri=sips:me@192.0.2.1\\;lr"),
        ("outbound_proxy = sip:10.0.0.1\\;lr", "outbound_proxy = sip:192.0.2.1\\;lr"),
        ("server_uri = trunk.example", "server_uri = trunk.example"),
        ("bind = 0.0.0.300:5060", "bind = 0.0.0.300:5060"),
        ("exten => 1,1,Set(bind=0.0.0.0)", "exten => 1,1,Set(bind=0.0.0.0)"),
    ],
)
def test_the_copy_listens_where_nobody_else_does(line: str, harmless_line: str) -> None:
    assert harmless(f"[a]\n{line}\n", "127.64.0.1") == f"[a]\n{harmless_line}\n"
