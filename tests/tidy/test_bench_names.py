"""`make bench` has every figure that was promised, and its page says what each is."""

from pathlib import Path

import pytest

from tests.load.parts import names

PROMISED = {
    *("calls.keypad_held", "calls.playback_held", "calls.setup_p95_ms_1", "calls.setup_p95_ms_20cps"),
    *("cpu.controller_pct_per_call", "cpu.asterisk_pct_per_call", "memory.controller_kb_per_call"),
    *("start.ready_s", "soak.rss_growth_mb", "turn.p50_ms_1", "turn.p95_ms_1", "turn.p95_ms_10"),
    *("bargein.voice_p95_ms", "bargein.key_p95_ms", "bargein.false_stops_10min", "pipeline.ms_per_frame"),
    *("asr.", "intents.banking77_accuracy", "capture.key_to_prompt_p95_ms_1"),
    *("capture.key_to_prompt_p95_ms_50", "capture.digits_lost", "decide.per_s", "decide.p99_ms"),
    *("desk.payments_per_s", "routing.regret_pct", "routing.best_fixed_pct", "routing.window_pct"),
    *("fraud.auc", "fraud.ap", "fraud.p_at_100", "api.list_p95_ms", "live.p99_ms_1000_of_10000"),
    "web.first_bundle_kb",
}

_PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "bench.md").read_text("utf-8")


def test_every_promised_figure_is_measured() -> None:
    assert set(names()) >= PROMISED


@pytest.mark.parametrize("name", names())
def test_the_page_says_what_a_figure_is(name: str) -> None:
    assert f"`{name}" in _PAGE
