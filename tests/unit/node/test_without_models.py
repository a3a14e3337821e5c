"""A line without a model says so once for each language, and has no ears."""

from pathlib import Path

from structlog.testing import capture_logs

from core.pool import Pool
from node.hearing import ears, hearing_all
from node.settings import HearingSettings


def test_what_is_not_heard_is_said_once_in_words_and_callers_have_their_keys(tmp_path: Path) -> None:
    settings = HearingSettings(models=tmp_path)
    with capture_logs() as told:
        hears = hearing_all(settings, ("en", "es", "en"), Pool(1))
    assert hears is None
    assert ears(settings, hears) is None
    assert [(one["event"], one["language"]) for one in told] == [
        ("no model hears this language: callers answer with keys", language) for language in ("en", "es")
    ]
