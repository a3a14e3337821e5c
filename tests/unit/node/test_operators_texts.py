"""The operator's texts in a folder that nodes share: what one changes, calls at the others begin with."""

from pathlib import Path

from structlog.testing import capture_logs

from ivr.texts import Texts
from node.talking import wording

_ALWAYS = {"company": "Example Power"}


def _goodbye(texts: Texts) -> str:
    return texts.snapshot().text("goodbye", "en")


def test_a_text_that_another_node_changed_is_said_from_the_next_call_on(tmp_path: Path) -> None:
    here, elsewhere = wording(tmp_path / "texts", _ALWAYS), wording(tmp_path / "texts", _ALWAYS)
    heard, keyed = here.used.heard, here.used.keyed
    shipped, begun = _goodbye(keyed), keyed.snapshot()
    elsewhere.change("en", {"goodbye": "So long."}, {})
    assert (_goodbye(keyed), _goodbye(heard)) == ("So long.", "So long.")
    assert begun.text("goodbye", "en") == shipped
    elsewhere.change("en", {"goodbye": None}, {})
    assert _goodbye(keyed) == shipped


def test_nodes_keep_what_each_other_changed(tmp_path: Path) -> None:
    here, elsewhere = wording(tmp_path, _ALWAYS), wording(tmp_path, _ALWAYS)
    here.change("en", {"goodbye": "So long."}, {})
    elsewhere.change("en", {"no_match": "Once more, please."}, {})
    assert _goodbye(here.used.keyed) == _goodbye(elsewhere.used.keyed) == "So long."
    assert here.used.keyed.text("no_match", "en") == "Once more, please."


def test_texts_with_mistakes_are_told_once_and_not_used(tmp_path: Path) -> None:
    keyed = wording(tmp_path, _ALWAYS).used.keyed
    shipped = _goodbye(keyed)
    (tmp_path / "en.toml").write_text('goodbye = "So long, {somebody}."', "utf-8")
    with capture_logs() as told:
        assert [_goodbye(keyed), _goodbye(keyed)] == [shipped, shipped]
    assert [one["event"] for one in told] == ["the operator's texts are not used as they stand"]
