"""Asterisk's events, each to the handle that waits for it."""

from collections.abc import Callable
from datetime import datetime
from weakref import WeakValueDictionary

import structlog

from pbx.ari import model
from pbx.ari.leg import Leg
from pbx.ari.playback import AriPlayback
from pbx.ari.recording import AriRecording
from pbx.ari.refer import asked_by
from pbx.cause import Cause

WANTED = (
    "StasisStart",
    "StasisEnd",
    "ChannelDtmfReceived",
    "ChannelHangupRequest",
    "ChannelDestroyed",
    "PlaybackFinished",
    "RecordingStarted",
    "RecordingFinished",
    "RecordingFailed",
    "Dial",
    "ChannelTransfer",
    "ApplicationReplaced",
    "RESTResponse",  # the filter holds these back, too
)

NewChannel = Callable[[model.Channel, tuple[str, ...]], None]

log = structlog.get_logger(__name__)


class Router:
    """Knows every handle that is open. `new_channel` is told of channels in our application without one,
    `tells_twice` once of each channel whose telephone tells its keys in two ways.
    """

    def __init__(self, new_channel: NewChannel, tells_twice: Callable[[Leg], None]) -> None:
        self.legs: dict[str, Leg] = {}
        self.playbacks: WeakValueDictionary[str, AriPlayback] = WeakValueDictionary()
        self.recordings: WeakValueDictionary[str, AriRecording] = WeakValueDictionary()
        self._new_channel, self._tells_twice = new_channel, tells_twice

    def hear(self, event: model.Event) -> None:
        """Take one event; never waits, and passes over what nobody waits for."""
        match event:
            case model.ChannelDtmfReceived(channel=channel):
                self._press(channel.id, event)
            case model.PlaybackFinished(playback=playback):
                if (leg := self.legs.get(playback.target_uri.removeprefix("channel:"))) is not None:
                    leg.playing.discard(playback.id)
                if (playing := self.playbacks.get(playback.id)) is not None:
                    playing.finish(failed=playback.state == "failed")
            case model.StasisStart(channel=channel, args=args):
                self._start(channel, args)
            case model.ChannelHangupRequest(channel=channel):
                if (leg := self.legs.get(channel.id)) is not None:
                    leg.hang_up_seen(event.cause, soft=event.soft)
            case model.StasisEnd(channel=channel):
                self._leave(channel.id)
            case model.ChannelDestroyed(channel=channel, cause=cause):
                self.lose(channel.id, Cause.of(cause))
            case _:
                self._hear_rare(event)

    def lose(self, channel: str, cause: Cause = Cause.NORMAL) -> None:
        """That channel is no more."""
        if (leg := self.legs.pop(channel, None)) is not None:
            leg.end(cause)

    def _hear_rare(self, event: model.Event) -> None:
        match event:
            case model.RecordingStarted(recording=recording):
                if (open_recording := self.recordings.get(recording.name)) is not None:
                    open_recording.started.set()
            case model.RecordingFinished(recording=recording) | model.RecordingFailed(recording=recording):
                if (open_recording := self.recordings.get(recording.name)) is not None:
                    open_recording.finish(failed=isinstance(event, model.RecordingFailed))
            case model.Dial(caller=model.Channel(id=channel), dialstatus="ANSWER"):
                if (leg := self.legs.get(channel)) is not None and leg.away is not None:
                    leg.away.settled.set()
            case model.ChannelTransfer():
                channel, asks, consultation = asked_by(event)
                if (leg := self.legs.get(channel)) is not None:
                    leg.ask_transfer(asks, consultation)
            case model.ApplicationReplaced(application=app):
                log.error("another controller took the application over: give each its own name", app=app)
            case _:
                pass

    def _press(self, channel: str, event: model.ChannelDtmfReceived) -> None:
        leg = self.legs.get(channel)
        if leg is None or leg.keys is None or not event.digit:
            return
        digit, held_ms, at_ms = event.digit[0], event.duration_ms, _milliseconds(event.timestamp)
        if at_ms is not None and self._is_again(leg, digit, held_ms, at_ms):
            return
        leg.keys.press(ord(digit), held_ms, at_ms)
        leg.pressed.set()

    def _is_again(self, leg: Leg, digit: str, held_ms: int, at_ms: int) -> bool:
        """Whether the press was told before: by Asterisk itself, or by the telephone in two ways."""
        if leg.retold.is_again(digit, held_ms, at_ms, playing=bool(leg.playing)):
            return True
        again = leg.twofold.is_again(digit, held_ms, at_ms)
        if leg.twofold.is_sure and not leg.asked_for_one:
            leg.asked_for_one = True
            self._tells_twice(leg)
        return again

    def _start(self, channel: model.Channel, args: tuple[str, ...]) -> None:
        leg = self.legs.get(channel.id)
        if leg is None:
            self._new_channel(channel, args)
        elif leg.away is not None and named(args).get("transfer") == "failed":
            leg.away.came_back(Cause.of(_number(named(args).get("cause", ""))))
        elif leg.away is not None:  # it was sent to another number of the line: there it is a new call
            del self.legs[channel.id]
            leg.away.settled.set()
            self._new_channel(channel, args)
        else:
            leg.arrived.set()

    def _leave(self, channel: str) -> None:
        leg = self.legs.get(channel)
        if leg is not None and (leg.away is None or leg.ending):
            self.lose(channel)


def named(args: tuple[str, ...]) -> dict[str, str]:
    """The `key=value` arguments that the dialplan gave to Stasis; those without `=` are passed over."""
    return dict(arg.split("=", 1) for arg in args if "=" in arg)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _milliseconds(timestamp: str) -> int | None:
    """Asterisk's own time of an event, so that those which we read late and at once keep their distance."""
    try:
        return round(datetime.fromisoformat(timestamp).timestamp() * 1000)
    except ValueError:
        return None
