"""What callers want, told from their words by a model of phrases that an admin edits."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from asr.grammar.tokens import tokens
from asr.intents.classifier import Classifier
from asr.intents.features import pieces, words
from asr.intents.model import Model, load, save
from asr.intents.phrases import SHIPPED, Phrases, read_phrases
from core.errors import BadInput
from node.intents import TRAINED
from tests.sentences.unseen import told, unseen

LANGUAGES = sorted(file.stem for file in SHIPPED.glob("*.toml"))


@pytest.fixture(scope="module")
def english() -> Classifier:
    return Classifier(load(TRAINED / "en.intents"))


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("I'd like to pay my electricity bill, please.", "pay_bill"),
        ("hi i wanted to make a payment on my account", "pay_bill"),
        ("so how much do I owe you guys", "balance"),
        ("could you tell me my current balance", "balance"),
        ("can I speak with somebody please", "person"),
        ("get me a human", "person"),
        ("I want to dispute a charge on my bill", "dispute"),
        ("you have charged me twice for this", "dispute"),
        ("could someone call me back tomorrow", "call_back"),
        ("please send me the payment link by text", "send_link"),
        ("can you repeat the question please", "repeat"),
        ("no that's all goodbye", "stop"),
    ],
)
def test_a_sentence_that_nobody_wrote_down_is_understood(english: Classifier, said: str, intent: str) -> None:
    assert english.guess(said).intent == intent


@pytest.mark.parametrize(
    "said",
    [
        "what is the weather going to be",
        "my cat has eaten the curtains",
        "",
        "xqzw",
        "hello there good morning",
    ],
)
def test_what_the_line_does_not_do_is_no_intent(english: Classifier, said: str) -> None:
    assert english.guess(said).intent == ""


@pytest.mark.parametrize(
    ("language", "said", "intent"),
    [
        ("es", "me gustaría abonar el recibo de este mes", "pay_bill"),
        ("es", "vengo a pagar lo que tengo pendiente", "pay_bill"),
        ("es", "necesito saber cuánto tengo pendiente de pago", "balance"),
        ("es", "a cuánto asciende mi factura", "balance"),
        ("es", "quiero que me atienda una persona", "person"),
        ("es", "póngame con un operador por favor", "person"),
        ("es", "me han cargado dos veces el mismo recibo", "dispute"),
        ("es", "ese importe no es correcto quiero reclamar", "dispute"),
        ("es", "podrían llamarme ustedes mañana", "call_back"),
        ("es", "que me devuelvan la llamada esta tarde", "call_back"),
        ("es", "mándeme el enlace por mensaje", "send_link"),
        ("es", "puedo pagarlo por la página web", "send_link"),
        ("es", "no le he oído puede repetirlo", "repeat"),
        ("es", "eso es todo muchas gracias adiós", "stop"),
        ("es", "va a hacer sol este fin de semana", ""),
        ("es", "quiero dar de baja internet", ""),
        ("de", "ich würde gern meine stromrechnung begleichen", "pay_bill"),
        ("de", "ich rufe an weil ich zahlen möchte", "pay_bill"),
        ("de", "können sie mir sagen wie viel noch offen ist", "balance"),
        ("de", "wie hoch ist denn meine rechnung diesen monat", "balance"),
        ("de", "ich möchte bitte mit einem mitarbeiter reden", "person"),
        ("de", "kann ich einen menschen sprechen", "person"),
        ("de", "sie haben mir den betrag doppelt abgebucht", "dispute"),
        ("de", "die rechnung ist falsch ich möchte widersprechen", "dispute"),
        ("de", "könnte mich morgen jemand zurückrufen", "call_back"),
        ("de", "rufen sie mich bitte heute nachmittag an", "call_back"),
        ("de", "schicken sie mir den link bitte per sms", "send_link"),
        ("de", "kann ich das auch online bezahlen", "send_link"),
        ("de", "können sie das bitte noch einmal sagen", "repeat"),
        ("de", "danke das war alles auf wiederhören", "stop"),
        ("de", "wie wird denn morgen das wetter in berlin", ""),
        ("de", "mein hund hat die zeitung gefressen", ""),
        ("fr", "je voudrais régler ma facture de ce mois", "pay_bill"),
        ("fr", "j'aimerais payer ce que je vous dois", "pay_bill"),
        ("fr", "pouvez-vous me dire combien il me reste à payer", "balance"),
        ("fr", "quel est le montant de ma facture", "balance"),
        ("fr", "je voudrais parler à un conseiller s'il vous plaît", "person"),
        ("fr", "passez-moi une vraie personne", "person"),
        ("fr", "vous m'avez prélevé deux fois la même somme", "dispute"),
        ("fr", "il y a une erreur je veux contester", "dispute"),
        ("fr", "est-ce que quelqu'un peut me rappeler demain", "call_back"),
        ("fr", "rappelez-moi cet après-midi", "call_back"),
        ("fr", "envoyez-moi le lien par texto", "send_link"),
        ("fr", "je préfère payer sur votre site", "send_link"),
        ("fr", "pardon pouvez-vous répéter la question", "repeat"),
        ("fr", "c'est tout merci au revoir", "stop"),
        ("fr", "quel temps va-t-il faire demain", ""),
        ("fr", "mon chat a mangé les rideaux", ""),
        ("hi", "मुझे इस महीने का बिल भरना है", "pay_bill"),
        ("hi", "मैं अपना बकाया चुकाना चाहता हूँ", "pay_bill"),
        ("hi", "मुझे बताइए कि कितना बाकी है", "balance"),
        ("hi", "इस बार का बिल कितना आया है", "balance"),
        ("hi", "मुझे किसी कर्मचारी से बात करनी है", "person"),
        ("hi", "किसी इंसान से बात करवाइए", "person"),
        ("hi", "आपने मेरे पैसे दो बार काट लिए", "dispute"),
        ("hi", "यह बिल गलत है मुझे शिकायत करनी है", "dispute"),
        ("hi", "क्या कोई मुझे कल फ़ोन कर सकता है", "call_back"),
        ("hi", "मुझे बाद में कॉल कीजिए", "call_back"),
        ("hi", "मुझे लिंक मैसेज पर भेज दीजिए", "send_link"),
        ("hi", "क्या मैं ऑनलाइन पैसे दे सकता हूँ", "send_link"),
        ("hi", "फिर से बोलिए समझ नहीं आया", "repeat"),
        ("hi", "बस धन्यवाद नमस्ते", "stop"),
        ("hi", "कल मौसम कैसा रहेगा", ""),
        ("hi", "मुझे पिज़्ज़ा चाहिए", ""),
    ],
)
def test_other_languages_understand_sentences_that_nobody_wrote_down(
    language: str, said: str, intent: str
) -> None:
    assert Classifier(load(TRAINED / f"{language}.intents")).guess(said).intent == intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_for_counting_was_trained_on(language: str) -> None:
    seen = {tokens(phrase) for phrase, _ in read_phrases(SHIPPED / f"{language}.toml").labelled}
    assert not [text for text, _ in unseen(language) if tokens(text) in seen]


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_half_of_what_no_model_has_seen_is_told_rightly_and_little_wrongly(language: str) -> None:
    found = told(Classifier(load(TRAINED / f"{language}.intents")))
    assert found.right / found.sentences > 0.5, found
    assert found.wrong / found.sentences < 0.1, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_models_that_ship_were_trained_from_the_phrases_that_ship(language: str) -> None:
    phrases = read_phrases(SHIPPED / f"{language}.toml")
    for file in TRAINED.glob(f"{language}*.intents"):
        model = load(file)
        assert (model.language, model.digest) == (language, phrases.digest), f"train {language} anew"


def test_all_languages_know_the_same_intents() -> None:
    assert len({frozenset(read_phrases(SHIPPED / f"{one}.toml").by_intent) for one in LANGUAGES}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_phrases_that_a_model_has_seen_are_told_rightly(language: str) -> None:
    classifier = Classifier(load(TRAINED / f"{language}.intents"))
    labelled = [one for one in read_phrases(SHIPPED / f"{language}.toml").labelled if one[1] != "elsewhere"]
    assert sum(classifier.guess(text).intent == intent for text, intent in labelled) / len(labelled) > 0.9


def test_words_and_pieces_are_counted() -> None:
    assert words("pay, pay now") == {"pay": 2, "now": 1, "pay pay": 1, "pay now": 1}
    assert pieces("pay")[" pay "] == 1


def _model() -> Model:
    pytest.importorskip("sklearn", reason="training needs scikit-learn (the extra `hear`)")
    from asr.intents.train import train  # noqa: PLC0415 - an extra

    colours = [f"{one} {two}" for one in ("red", "green", "blue") for two in ("shirt", "hat", "shoe", "sock")]
    foods = [f"{one} {two}" for one in ("fried", "boiled", "raw") for two in ("egg", "fish", "rice", "bean")]
    rest = [f"{one} {two}" for one in ("fast", "slow", "old") for two in ("car", "train", "boat", "bus")]
    by_intent = {"wear": tuple(colours), "eat": tuple(foods), "elsewhere": tuple(rest)}
    model, found = train(Phrases("en", by_intent))
    assert found.right > 0.9
    return model


def test_a_model_is_trained_saved_and_read_back_the_same(tmp_path: Path) -> None:
    model = _model()
    save(model, tmp_path / "en.intents")
    again = load(tmp_path / "en.intents")
    assert Classifier(again).guess("a blue hat").intent == "wear"
    assert Classifier(again).guess("a boiled egg").intent == "eat"
    assert Classifier(again).guess("an old train").intent == ""
    left, right = model.scores("raw fish"), again.scores("raw fish")
    assert left is not None
    assert right is not None
    assert np.allclose(left, right, atol=0.01)
    save(again, tmp_path / "again.intents")
    assert (tmp_path / "en.intents").read_bytes() == (tmp_path / "again.intents").read_bytes()


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("pickled code ran",)


def _packed(file: Path, about: object, **arrays: bytes) -> Path:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("about.json", json.dumps(about))
        for name, array in arrays.items():
            packed.writestr(f"{name}.npy", array)
    return file


def test_a_model_file_that_holds_code_is_refused_and_runs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = io.BytesIO()
    np.save(written, np.array([_Evil()], dtype=object), allow_pickle=True)
    file = _packed(tmp_path / "evil.intents", {"version": 1}, bias=written.getvalue())
    with pytest.raises(BadInput, match="damaged"):
        load(file)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("about", [{"version": 2}, {}, [], {"version": 1, "names": 3}])
def test_a_model_file_of_another_kind_is_refused(tmp_path: Path, about: object) -> None:
    with pytest.raises(BadInput):
        load(_packed(tmp_path / "other.intents", about))


def test_a_damaged_model_file_is_refused(tmp_path: Path) -> None:
    whole = (TRAINED / "en.intents").read_bytes()
    for name, data in {"cut": whole[: len(whole) // 2], "empty": b"", "text": b"hello"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadInput):
            load(tmp_path / name)
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "missing")


def test_all_mistakes_in_a_file_of_phrases_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "en.toml"
    file.write_text('pay = ["pay", "Pay!", "..."]\nstop = "stop"\n')
    with pytest.raises(BadInput) as refused:
        read_phrases(file)
    for mistake in (
        "no list 'elsewhere'",
        "pay has 3 phrases",
        "'Pay!' stands already below pay",
        "'...' has no word",
        "stop is no list",
    ):
        assert mistake in str(refused.value)
