"""The words of messages: filled, neutralized, replaced by the operator's own, and checked at first."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from core.letter import Value
from core.money import Money
from messages.kinds import KINDS
from messages.message import Channel, Mail, Text
from messages.template_files import TemplateFiles
from messages.templates import Templates

ALWAYS = {"company": "Example Power"}
PAID: dict[str, Value] = {
    "name": "Robin Example",
    "amount": Money(12550, "EUR"),
    "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "card": "Visa 4242",
    "code": "7KQ2",
}


@pytest.fixture
def words() -> Templates:
    return Templates(ALWAYS)


def own(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def test_a_receipt_speaks_the_language_of_its_reader(words: Templates) -> None:
    english = words.mail("receipt", "en", "robin@example.com", PAID)
    spanish = words.mail("receipt", "es", "robin@example.com", PAID)
    assert english.subject == "Receipt: €125.50 paid to Example Power"
    assert spanish.subject == "Recibo: 125,50\xa0€ pagados a Example Power".replace("\xa0", " ")
    assert "Tarjeta: Visa 4242" in spanish.text
    assert 'lang="es"' in spanish.html


def test_a_language_without_words_of_its_own_gets_its_root_or_the_reference(words: Templates) -> None:
    assert words.text("code", "es-MX", "+15550100", {"code": "1"}).text.startswith("Example Power: su código")
    assert words.text("code", "fi", "+15550100", {"code": "1"}).text.startswith("Example Power: your payment")


def test_a_letter_without_a_language_speaks_that_of_the_line() -> None:
    words = Templates(ALWAYS, language="es")
    assert "su código" in words.text("code", "", "+15550100", {"code": "1"}).text


def test_script_in_a_name_is_text_in_the_html(words: Templates) -> None:
    mail = words.mail("receipt", "en", "a@example.com", PAID | {"name": "<script>alert(1)</script>"})
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html


def test_a_name_cannot_write_headers(words: Templates, tmp_path: Path) -> None:
    own(tmp_path, "en/receipt.subject.txt", "For {{ name }}")
    mail = Templates(ALWAYS, tmp_path).mail(
        "receipt", "en", "a@example.com", PAID | {"name": "Robin\r\nBcc: all@example.com"}
    )
    assert mail.subject == "For Robin Bcc: all@example.com"


@pytest.mark.parametrize("language", Templates(ALWAYS).languages)
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_message_has_words_in_every_language(words: Templates, kind: str, language: str) -> None:
    for channel in KINDS[kind].channels:
        shown = words.preview(kind, channel, language)
        assert isinstance(shown, Mail if channel is Channel.EMAIL else Text)
        assert "Example Power" in shown.text


def test_an_operator_s_template_goes_before_ours(tmp_path: Path) -> None:
    own(tmp_path, "en/code.sms.txt", "{{ code }} is your code.")
    assert (
        Templates(ALWAYS, tmp_path).text("code", "en", "+15550100", {"code": "12"}).text == "12 is your code."
    )


def test_all_mistakes_in_templates_are_told_at_once(tmp_path: Path) -> None:
    own(tmp_path, "en/receipt.txt", "{{ amount }} {{ nothing }}")
    own(tmp_path, "es/code.sms.txt", "{{ code }")
    with pytest.raises(BadInput) as told:
        Templates(ALWAYS, tmp_path)
    assert "'nothing' is undefined" in str(told.value)
    assert "code.sms.txt, line 1" in str(told.value)


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ amount.__init__.__globals__ }}",
        "{% for i in range(10000000) %}x{% endfor %}",
        "{{ 1 / 0 }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
    ],
)
def test_a_template_uses_its_values_and_nothing_else(tmp_path: Path, escape: str) -> None:
    own(tmp_path, "en/code.sms.txt", escape)
    with pytest.raises(BadInput):
        Templates(ALWAYS, tmp_path)


def test_a_file_is_edited_and_taken_back(words: Templates, tmp_path: Path) -> None:
    files = TemplateFiles(Templates(ALWAYS, tmp_path), tmp_path)
    shipped = files.read("en/code.sms.txt")
    assert not shipped.own
    written = files.write("en/code.sms.txt", "{{ company }} {{ code }}\n")
    assert (written.own, written.text) == (True, "{{ company }} {{ code }}\n")
    assert written.version != shipped.version
    assert (written.language, written.kind, written.part) == ("en", "code", "sms.txt")
    assert files.tried("en/receipt.subject.txt", "{{ code }}!") == "7KQ2!"
    files.remove("en/code.sms.txt")
    assert files.read("en/code.sms.txt") == shipped


def test_a_file_that_another_node_changed_is_used_for_the_next_message(tmp_path: Path) -> None:
    used, elsewhere = Templates(ALWAYS, tmp_path), TemplateFiles(Templates(ALWAYS, tmp_path), tmp_path)
    shipped = used.text("code", "en", "+15550100", {"code": "1"}).text
    for text in ("{{ company }}, {{ code }}", "{{ code }} by {{ company }}"):
        elsewhere.write("en/code.sms.txt", text)
        wanted = text.replace("{{ company }}", "Example Power").replace("{{ code }}", "1")
        assert used.text("code", "en", "+15550100", {"code": "1"}).text == wanted
    elsewhere.remove("en/code.sms.txt")
    assert used.text("code", "en", "+15550100", {"code": "1"}).text == shipped


def test_a_file_with_a_mistake_is_not_kept(tmp_path: Path) -> None:
    files = TemplateFiles(Templates(ALWAYS, tmp_path), tmp_path)
    with pytest.raises(BadInput, match="undefined"):
        files.write("en/code.sms.txt", "{{ nothing }}")
    assert not files.read("en/code.sms.txt").own


@pytest.mark.parametrize(
    "name", ["../en/code.sms.txt", "en/../../x", "en/other.txt", "/etc/passwd", "fi/code.sms.txt"]
)
def test_a_name_that_is_no_template_is_refused(tmp_path: Path, name: str) -> None:
    files = TemplateFiles(Templates(ALWAYS, tmp_path), tmp_path)
    for ask in (files.read, files.remove, lambda it: files.write(it, "x")):
        with pytest.raises(BadInput, match="no template"):
            ask(name)
