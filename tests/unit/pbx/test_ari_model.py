"""Asterisk's events: what the generated module promises."""

import os
from pathlib import Path

import pytest

from pbx.ari import generate, model

CHANNEL = {"id": "1", "name": "PJSIP/ann-1", "caller": {"name": "Ann", "number": "+15550100"}, "novelty": 1}


def test_an_event_becomes_its_dataclass_and_unknown_fields_are_passed_over() -> None:
    event = model.parse({"type": "StasisStart", "args": ["flow=pay_bill"], "channel": CHANNEL, "more": {}})
    assert isinstance(event, model.StasisStart)
    assert event.args == ("flow=pay_bill",)
    assert event.channel.caller == model.CallerID("Ann", "+15550100")
    assert event.replace_channel is None


def test_an_event_that_is_not_described_is_kept_by_its_name() -> None:
    assert model.parse({"type": "ChannelTeleported"}) == model.UnknownEvent("", "", "ChannelTeleported")


def test_what_a_message_leaves_out_is_empty() -> None:
    event = model.parse({"type": "PlaybackFinished"})
    assert isinstance(event, model.PlaybackFinished)
    assert event.playback.state == ""


def test_a_key_is_not_shown_when_its_event_is_printed() -> None:
    event = model.parse({"type": "ChannelDtmfReceived", "digit": "7", "duration_ms": 90, "channel": CHANNEL})
    assert "digit" not in repr(event)
    assert "'7'" not in repr(event)


def test_the_generated_module_is_what_the_descriptions_give() -> None:
    folder = _descriptions()
    if folder is None:
        pytest.skip("Asterisk's resource descriptions are not here: `make parts` brings them")
    assert generate.TARGET.read_text() == generate.generate(folder)


def _descriptions() -> Path | None:
    local = Path(os.environ.get("TELLERLINE_LOCAL", ".local"))
    folders = [local / "parts/usr/share/asterisk/rest-api", Path("/usr/share/asterisk/rest-api")]
    return next((folder for folder in folders if folder.is_dir()), None)
