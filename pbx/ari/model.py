"""Asterisk's events and resources, written by `python -m pbx.ari.generate`; do not edit.

What a message leaves out is empty, zero or None; what it says beyond its description is passed over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeviceState:
    """Represents the state of a device."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Playback:
    """Object representing the playback of media to a channel."""

    id: str
    media_uri: str
    next_media_uri: str
    target_uri: str
    language: str
    state: str


@dataclass(frozen=True, slots=True)
class LiveRecording:
    """A recording that is in progress."""

    name: str
    format: str
    target_uri: str
    state: str
    duration: int
    talking_duration: int
    silence_duration: int
    cause: str


@dataclass(frozen=True, slots=True)
class CallerID:
    """Caller identification."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class DialplanCEP:
    """Dialplan location (context/extension/priority)."""

    context: str
    exten: str
    priority: int
    app_name: str
    app_data: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A specific communication connection between Asterisk and an Endpoint."""

    id: str
    protocol_id: str
    name: str
    state: str
    caller: CallerID
    connected: CallerID
    accountcode: str
    dialplan: DialplanCEP
    creationtime: str
    language: str
    channelvars: JsonObject
    caller_rdnis: str
    tenantid: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """The merging of media from one or more channels."""

    id: str
    technology: str
    bridge_type: str
    bridge_class: str
    creator: str
    name: str
    channels: tuple[str, ...]
    video_mode: str
    video_source_id: str
    creationtime: str
    bridgevars: JsonObject


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An external device that may offer/accept calls to/from Asterisk."""

    technology: str
    resource: str
    state: str
    channel_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactInfo:
    """Detailed information about a contact on an endpoint."""

    uri: str
    contact_status: str
    aor: str
    roundtrip_usec: str


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text message."""

    from_: str
    to: str
    body: str
    variables: JsonObject


@dataclass(frozen=True, slots=True)
class Peer:
    """Detailed information about a remote peer that communicates with Asterisk."""

    peer_status: str
    cause: str
    address: str
    port: str
    time: str


@dataclass(frozen=True, slots=True)
class AdditionalParam:
    """Protocol specific additional parameter."""

    parameter_name: str
    parameter_value: str


@dataclass(frozen=True, slots=True)
class RequiredDestination:
    """Information about the requested destination."""

    protocol_id: str
    destination: str
    additional_protocol_params: tuple[AdditionalParam, ...]


@dataclass(frozen=True, slots=True)
class ReferTo:
    """transfer destination requested by transferee."""

    requested_destination: RequiredDestination
    destination_channel: Channel | None
    connected_channel: Channel | None
    bridge: Bridge | None


@dataclass(frozen=True, slots=True)
class ReferredBy:
    """transfer destination requested by transferee."""

    source_channel: Channel
    connected_channel: Channel | None
    bridge: Bridge | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in Asterisk; `timestamp` is its own wall clock, in ISO 8601."""

    application: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class UnknownEvent(Event):
    """An event that this version of the descriptions does not know."""

    type: str


@dataclass(frozen=True, slots=True)
class ApplicationMoveFailed(Event):
    """Notification that trying to move a channel to another Stasis application failed."""

    channel: Channel
    destination: str
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationRegistered(Event):
    """Notification that a Stasis app has been registered."""


@dataclass(frozen=True, slots=True)
class ApplicationReplaced(Event):
    """Notification that another WebSocket has taken over for an application."""


@dataclass(frozen=True, slots=True)
class ApplicationUnregistered(Event):
    """Notification that a Stasis app has been unregistered."""


@dataclass(frozen=True, slots=True)
class BridgeAttendedTransfer(Event):
    """Notification that an attended transfer has occurred."""

    transferer_first_leg: Channel
    transferer_second_leg: Channel
    replace_channel: Channel | None
    transferee: Channel | None
    transfer_target: Channel | None
    result: str
    is_external: bool
    transferer_first_leg_bridge: Bridge | None
    transferer_second_leg_bridge: Bridge | None
    destination_type: str
    destination_bridge: str
    destination_application: str
    destination_link_first_leg: Channel | None
    destination_link_second_leg: Channel | None
    destination_threeway_channel: Channel | None
    destination_threeway_bridge: Bridge | None


@dataclass(frozen=True, slots=True)
class BridgeBlindTransfer(Event):
    """Notification that a blind transfer has occurred."""

    channel: Channel
    replace_channel: Channel | None
    transferee: Channel | None
    exten: str
    context: str
    result: str
    is_external: bool
    bridge: Bridge | None


@dataclass(frozen=True, slots=True)
class BridgeCreated(Event):
    """Notification that a bridge has been created."""

    bridge: Bridge


@dataclass(frozen=True, slots=True)
class BridgeDestroyed(Event):
    """Notification that a bridge has been destroyed."""

    bridge: Bridge


@dataclass(frozen=True, slots=True)
class BridgeMerged(Event):
    """Notification that one bridge has merged into another."""

    bridge: Bridge
    bridge_from: Bridge


@dataclass(frozen=True, slots=True)
class BridgeVideoSourceChanged(Event):
    """Notification that the source of video in a bridge has changed."""

    bridge: Bridge
    old_video_source_id: str


@dataclass(frozen=True, slots=True)
class CallBroadcast(Event):
    """Notification that a channel is being broadcast to ARI applications for claiming."""

    channel: Channel
    caller: str
    called: str


@dataclass(frozen=True, slots=True)
class CallClaimed(Event):
    """Notification that a broadcast channel has been successfully claimed by an ARI application."""

    channel: Channel
    winner_app: str


@dataclass(frozen=True, slots=True)
class ChannelCallerId(Event):
    """Channel changed Caller ID."""

    caller_presentation: int
    caller_presentation_txt: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelConnectedLine(Event):
    """Channel changed Connected Line."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelCreated(Event):
    """Notification that a channel has been created."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelDestroyed(Event):
    """Notification that a channel has been destroyed."""

    cause: int
    cause_txt: str
    tech_cause: int
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelDialplan(Event):
    """Channel changed location in the dialplan."""

    channel: Channel
    dialplan_app: str
    dialplan_app_data: str


@dataclass(frozen=True, slots=True)
class ChannelDtmfReceived(Event):
    """DTMF received on a channel."""

    digit: str = field(repr=False)
    duration_ms: int
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelEnteredBridge(Event):
    """Notification that a channel has entered a bridge."""

    bridge: Bridge
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class ChannelHangupRequest(Event):
    """A hangup was requested on the channel."""

    cause: int
    tech_cause: int
    soft: bool
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelHold(Event):
    """A channel initiated a media hold."""

    channel: Channel
    musicclass: str


@dataclass(frozen=True, slots=True)
class ChannelLeftBridge(Event):
    """Notification that a channel has left a bridge."""

    bridge: Bridge
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelStateChange(Event):
    """Notification of a channel's state change."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelTalkingFinished(Event):
    """Talking is no longer detected on the channel."""

    channel: Channel
    duration: int


@dataclass(frozen=True, slots=True)
class ChannelTalkingStarted(Event):
    """Talking was detected on the channel."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelToneDetected(Event):
    """Tone was detected on the channel."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelTransfer(Event):
    """transfer on a channel."""

    state: str
    refer_to: ReferTo
    referred_by: ReferredBy


@dataclass(frozen=True, slots=True)
class ChannelUnhold(Event):
    """A channel initiated a media unhold."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelUserevent(Event):
    """User-generated event with additional user-defined fields in the object."""

    eventname: str
    channel: Channel | None
    bridge: Bridge | None
    endpoint: Endpoint | None
    userevent: JsonObject


@dataclass(frozen=True, slots=True)
class ChannelVarset(Event):
    """Channel variable changed."""

    variable: str
    value: str = field(repr=False)
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class ContactStatusChange(Event):
    """The state of a contact on an endpoint has changed."""

    endpoint: Endpoint
    contact_info: ContactInfo


@dataclass(frozen=True, slots=True)
class DeviceStateChanged(Event):
    """Notification that a device state has changed."""

    device_state: DeviceState


@dataclass(frozen=True, slots=True)
class Dial(Event):
    """Dialing state has changed."""

    caller: Channel | None
    peer: Channel
    forward: str
    forwarded: Channel | None
    dialstring: str
    dialstatus: str


@dataclass(frozen=True, slots=True)
class EndpointStateChange(Event):
    """Endpoint state changed."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class PeerStatusChange(Event):
    """The state of a peer associated with an endpoint has changed."""

    endpoint: Endpoint
    peer: Peer


@dataclass(frozen=True, slots=True)
class PlaybackContinuing(Event):
    """Event showing the continuation of a media playback operation from one media URI to the next in the list."""

    playback: Playback


@dataclass(frozen=True, slots=True)
class PlaybackFinished(Event):
    """Event showing the completion of a media playback operation."""

    playback: Playback


@dataclass(frozen=True, slots=True)
class PlaybackStarted(Event):
    """Event showing the start of a media playback operation."""

    playback: Playback


@dataclass(frozen=True, slots=True)
class RESTResponse(Event):
    """REST over Websocket Response."""

    transaction_id: str
    request_id: str
    status_code: int
    reason_phrase: str
    uri: str
    content_type: str
    message_body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordingFailed(Event):
    """Event showing failure of a recording operation."""

    recording: LiveRecording


@dataclass(frozen=True, slots=True)
class RecordingFinished(Event):
    """Event showing the completion of a recording operation."""

    recording: LiveRecording


@dataclass(frozen=True, slots=True)
class RecordingStarted(Event):
    """Event showing the start of a recording operation."""

    recording: LiveRecording


@dataclass(frozen=True, slots=True)
class StasisEnd(Event):
    """Notification that a channel has left a Stasis application."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class StasisStart(Event):
    """Notification that a channel has entered a Stasis application."""

    args: tuple[str, ...]
    channel: Channel
    replace_channel: Channel | None


@dataclass(frozen=True, slots=True)
class TextMessageReceived(Event):
    """A text message was received from an endpoint."""

    message: TextMessage
    endpoint: Endpoint | None


def _read_device_state(m: JsonObject) -> DeviceState:
    return DeviceState(
        m.get("name", ""),
        m.get("state", ""),
    )


def _read_playback(m: JsonObject) -> Playback:
    return Playback(
        m.get("id", ""),
        m.get("media_uri", ""),
        m.get("next_media_uri", ""),
        m.get("target_uri", ""),
        m.get("language", ""),
        m.get("state", ""),
    )


def _read_live_recording(m: JsonObject) -> LiveRecording:
    return LiveRecording(
        m.get("name", ""),
        m.get("format", ""),
        m.get("target_uri", ""),
        m.get("state", ""),
        m.get("duration", 0),
        m.get("talking_duration", 0),
        m.get("silence_duration", 0),
        m.get("cause", ""),
    )


def _read_caller_id(m: JsonObject) -> CallerID:
    return CallerID(
        m.get("name", ""),
        m.get("number", ""),
    )


def _read_dialplan_cep(m: JsonObject) -> DialplanCEP:
    return DialplanCEP(
        m.get("context", ""),
        m.get("exten", ""),
        m.get("priority", 0),
        m.get("app_name", ""),
        m.get("app_data", ""),
    )


def _read_channel(m: JsonObject) -> Channel:
    return Channel(
        m.get("id", ""),
        m.get("protocol_id", ""),
        m.get("name", ""),
        m.get("state", ""),
        _read_caller_id(m.get("caller", {})),
        _read_caller_id(m.get("connected", {})),
        m.get("accountcode", ""),
        _read_dialplan_cep(m.get("dialplan", {})),
        m.get("creationtime", ""),
        m.get("language", ""),
        m.get("channelvars", {}),
        m.get("caller_rdnis", ""),
        m.get("tenantid", ""),
    )


def _read_bridge(m: JsonObject) -> Bridge:
    return Bridge(
        m.get("id", ""),
        m.get("technology", ""),
        m.get("bridge_type", ""),
        m.get("bridge_class", ""),
        m.get("creator", ""),
        m.get("name", ""),
        tuple(m.get("channels", ())),
        m.get("video_mode", ""),
        m.get("video_source_id", ""),
        m.get("creationtime", ""),
        m.get("bridgevars", {}),
    )


def _read_endpoint(m: JsonObject) -> Endpoint:
    return Endpoint(
        m.get("technology", ""),
        m.get("resource", ""),
        m.get("state", ""),
        tuple(m.get("channel_ids", ())),
    )


def _read_contact_info(m: JsonObject) -> ContactInfo:
    return ContactInfo(
        m.get("uri", ""),
        m.get("contact_status", ""),
        m.get("aor", ""),
        m.get("roundtrip_usec", ""),
    )


def _read_text_message(m: JsonObject) -> TextMessage:
    return TextMessage(
        m.get("from", ""),
        m.get("to", ""),
        m.get("body", ""),
        m.get("variables", {}),
    )


def _read_peer(m: JsonObject) -> Peer:
    return Peer(
        m.get("peer_status", ""),
        m.get("cause", ""),
        m.get("address", ""),
        m.get("port", ""),
        m.get("time", ""),
    )


def _read_additional_param(m: JsonObject) -> AdditionalParam:
    return AdditionalParam(
        m.get("parameter_name", ""),
        m.get("parameter_value", ""),
    )


def _read_required_destination(m: JsonObject) -> RequiredDestination:
    return RequiredDestination(
        m.get("protocol_id", ""),
        m.get("destination", ""),
        tuple(_read_additional_param(x) for x in m.get("additional_protocol_params", ())),
    )


def _read_refer_to(m: JsonObject) -> ReferTo:
    return ReferTo(
        _read_required_destination(m.get("requested_destination", {})),
        _read_channel(m["destination_channel"]) if m.get("destination_channel") else None,
        _read_channel(m["connected_channel"]) if m.get("connected_channel") else None,
        _read_bridge(m["bridge"]) if m.get("bridge") else None,
    )


def _read_referred_by(m: JsonObject) -> ReferredBy:
    return ReferredBy(
        _read_channel(m.get("source_channel", {})),
        _read_channel(m["connected_channel"]) if m.get("connected_channel") else None,
        _read_bridge(m["bridge"]) if m.get("bridge") else None,
    )


def _read_application_move_failed(m: JsonObject) -> ApplicationMoveFailed:
    return ApplicationMoveFailed(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        m.get("destination", ""),
        tuple(m.get("args", ())),
    )


def _read_application_registered(m: JsonObject) -> ApplicationRegistered:
    return ApplicationRegistered(
        m.get("application", ""),
        m.get("timestamp", ""),
    )


def _read_application_replaced(m: JsonObject) -> ApplicationReplaced:
    return ApplicationReplaced(
        m.get("application", ""),
        m.get("timestamp", ""),
    )


def _read_application_unregistered(m: JsonObject) -> ApplicationUnregistered:
    return ApplicationUnregistered(
        m.get("application", ""),
        m.get("timestamp", ""),
    )


def _read_bridge_attended_transfer(m: JsonObject) -> BridgeAttendedTransfer:
    return BridgeAttendedTransfer(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("transferer_first_leg", {})),
        _read_channel(m.get("transferer_second_leg", {})),
        _read_channel(m["replace_channel"]) if m.get("replace_channel") else None,
        _read_channel(m["transferee"]) if m.get("transferee") else None,
        _read_channel(m["transfer_target"]) if m.get("transfer_target") else None,
        m.get("result", ""),
        m.get("is_external", False),
        _read_bridge(m["transferer_first_leg_bridge"]) if m.get("transferer_first_leg_bridge") else None,
        _read_bridge(m["transferer_second_leg_bridge"]) if m.get("transferer_second_leg_bridge") else None,
        m.get("destination_type", ""),
        m.get("destination_bridge", ""),
        m.get("destination_application", ""),
        _read_channel(m["destination_link_first_leg"]) if m.get("destination_link_first_leg") else None,
        _read_channel(m["destination_link_second_leg"]) if m.get("destination_link_second_leg") else None,
        _read_channel(m["destination_threeway_channel"]) if m.get("destination_threeway_channel") else None,
        _read_bridge(m["destination_threeway_bridge"]) if m.get("destination_threeway_bridge") else None,
    )


def _read_bridge_blind_transfer(m: JsonObject) -> BridgeBlindTransfer:
    return BridgeBlindTransfer(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        _read_channel(m["replace_channel"]) if m.get("replace_channel") else None,
        _read_channel(m["transferee"]) if m.get("transferee") else None,
        m.get("exten", ""),
        m.get("context", ""),
        m.get("result", ""),
        m.get("is_external", False),
        _read_bridge(m["bridge"]) if m.get("bridge") else None,
    )


def _read_bridge_created(m: JsonObject) -> BridgeCreated:
    return BridgeCreated(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_bridge(m.get("bridge", {})),
    )


def _read_bridge_destroyed(m: JsonObject) -> BridgeDestroyed:
    return BridgeDestroyed(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_bridge(m.get("bridge", {})),
    )


def _read_bridge_merged(m: JsonObject) -> BridgeMerged:
    return BridgeMerged(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_bridge(m.get("bridge", {})),
        _read_bridge(m.get("bridge_from", {})),
    )


def _read_bridge_video_source_changed(m: JsonObject) -> BridgeVideoSourceChanged:
    return BridgeVideoSourceChanged(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_bridge(m.get("bridge", {})),
        m.get("old_video_source_id", ""),
    )


def _read_call_broadcast(m: JsonObject) -> CallBroadcast:
    return CallBroadcast(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        m.get("caller", ""),
        m.get("called", ""),
    )


def _read_call_claimed(m: JsonObject) -> CallClaimed:
    return CallClaimed(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        m.get("winner_app", ""),
    )


def _read_channel_caller_id(m: JsonObject) -> ChannelCallerId:
    return ChannelCallerId(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("caller_presentation", 0),
        m.get("caller_presentation_txt", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_connected_line(m: JsonObject) -> ChannelConnectedLine:
    return ChannelConnectedLine(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_created(m: JsonObject) -> ChannelCreated:
    return ChannelCreated(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_destroyed(m: JsonObject) -> ChannelDestroyed:
    return ChannelDestroyed(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("cause", 0),
        m.get("cause_txt", ""),
        m.get("tech_cause", 0),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_dialplan(m: JsonObject) -> ChannelDialplan:
    return ChannelDialplan(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        m.get("dialplan_app", ""),
        m.get("dialplan_app_data", ""),
    )


def _read_channel_dtmf_received(m: JsonObject) -> ChannelDtmfReceived:
    return ChannelDtmfReceived(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("digit", ""),
        m.get("duration_ms", 0),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_entered_bridge(m: JsonObject) -> ChannelEnteredBridge:
    return ChannelEnteredBridge(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_bridge(m.get("bridge", {})),
        _read_channel(m["channel"]) if m.get("channel") else None,
    )


def _read_channel_hangup_request(m: JsonObject) -> ChannelHangupRequest:
    return ChannelHangupRequest(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("cause", 0),
        m.get("tech_cause", 0),
        m.get("soft", False),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_hold(m: JsonObject) -> ChannelHold:
    return ChannelHold(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        m.get("musicclass", ""),
    )


def _read_channel_left_bridge(m: JsonObject) -> ChannelLeftBridge:
    return ChannelLeftBridge(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_bridge(m.get("bridge", {})),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_state_change(m: JsonObject) -> ChannelStateChange:
    return ChannelStateChange(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_talking_finished(m: JsonObject) -> ChannelTalkingFinished:
    return ChannelTalkingFinished(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
        m.get("duration", 0),
    )


def _read_channel_talking_started(m: JsonObject) -> ChannelTalkingStarted:
    return ChannelTalkingStarted(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_tone_detected(m: JsonObject) -> ChannelToneDetected:
    return ChannelToneDetected(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_transfer(m: JsonObject) -> ChannelTransfer:
    return ChannelTransfer(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("state", ""),
        _read_refer_to(m.get("refer_to", {})),
        _read_referred_by(m.get("referred_by", {})),
    )


def _read_channel_unhold(m: JsonObject) -> ChannelUnhold:
    return ChannelUnhold(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_channel_userevent(m: JsonObject) -> ChannelUserevent:
    return ChannelUserevent(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("eventname", ""),
        _read_channel(m["channel"]) if m.get("channel") else None,
        _read_bridge(m["bridge"]) if m.get("bridge") else None,
        _read_endpoint(m["endpoint"]) if m.get("endpoint") else None,
        m.get("userevent", {}),
    )


def _read_channel_varset(m: JsonObject) -> ChannelVarset:
    return ChannelVarset(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("variable", ""),
        m.get("value", ""),
        _read_channel(m["channel"]) if m.get("channel") else None,
    )


def _read_contact_status_change(m: JsonObject) -> ContactStatusChange:
    return ContactStatusChange(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_endpoint(m.get("endpoint", {})),
        _read_contact_info(m.get("contact_info", {})),
    )


def _read_device_state_changed(m: JsonObject) -> DeviceStateChanged:
    return DeviceStateChanged(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_device_state(m.get("device_state", {})),
    )


def _read_dial(m: JsonObject) -> Dial:
    return Dial(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m["caller"]) if m.get("caller") else None,
        _read_channel(m.get("peer", {})),
        m.get("forward", ""),
        _read_channel(m["forwarded"]) if m.get("forwarded") else None,
        m.get("dialstring", ""),
        m.get("dialstatus", ""),
    )


def _read_endpoint_state_change(m: JsonObject) -> EndpointStateChange:
    return EndpointStateChange(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_endpoint(m.get("endpoint", {})),
    )


def _read_peer_status_change(m: JsonObject) -> PeerStatusChange:
    return PeerStatusChange(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_endpoint(m.get("endpoint", {})),
        _read_peer(m.get("peer", {})),
    )


def _read_playback_continuing(m: JsonObject) -> PlaybackContinuing:
    return PlaybackContinuing(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_playback(m.get("playback", {})),
    )


def _read_playback_finished(m: JsonObject) -> PlaybackFinished:
    return PlaybackFinished(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_playback(m.get("playback", {})),
    )


def _read_playback_started(m: JsonObject) -> PlaybackStarted:
    return PlaybackStarted(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_playback(m.get("playback", {})),
    )


def _read_restresponse(m: JsonObject) -> RESTResponse:
    return RESTResponse(
        m.get("application", ""),
        m.get("timestamp", ""),
        m.get("transaction_id", ""),
        m.get("request_id", ""),
        m.get("status_code", 0),
        m.get("reason_phrase", ""),
        m.get("uri", ""),
        m.get("content_type", ""),
        m.get("message_body", ""),
    )


def _read_recording_failed(m: JsonObject) -> RecordingFailed:
    return RecordingFailed(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_live_recording(m.get("recording", {})),
    )


def _read_recording_finished(m: JsonObject) -> RecordingFinished:
    return RecordingFinished(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_live_recording(m.get("recording", {})),
    )


def _read_recording_started(m: JsonObject) -> RecordingStarted:
    return RecordingStarted(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_live_recording(m.get("recording", {})),
    )


def _read_stasis_end(m: JsonObject) -> StasisEnd:
    return StasisEnd(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_channel(m.get("channel", {})),
    )


def _read_stasis_start(m: JsonObject) -> StasisStart:
    return StasisStart(
        m.get("application", ""),
        m.get("timestamp", ""),
        tuple(m.get("args", ())),
        _read_channel(m.get("channel", {})),
        _read_channel(m["replace_channel"]) if m.get("replace_channel") else None,
    )


def _read_text_message_received(m: JsonObject) -> TextMessageReceived:
    return TextMessageReceived(
        m.get("application", ""),
        m.get("timestamp", ""),
        _read_text_message(m.get("message", {})),
        _read_endpoint(m["endpoint"]) if m.get("endpoint") else None,
    )


_READERS: dict[str, Callable[[JsonObject], Event]] = {
    "ApplicationMoveFailed": _read_application_move_failed,
    "ApplicationRegistered": _read_application_registered,
    "ApplicationReplaced": _read_application_replaced,
    "ApplicationUnregistered": _read_application_unregistered,
    "BridgeAttendedTransfer": _read_bridge_attended_transfer,
    "BridgeBlindTransfer": _read_bridge_blind_transfer,
    "BridgeCreated": _read_bridge_created,
    "BridgeDestroyed": _read_bridge_destroyed,
    "BridgeMerged": _read_bridge_merged,
    "BridgeVideoSourceChanged": _read_bridge_video_source_changed,
    "CallBroadcast": _read_call_broadcast,
    "CallClaimed": _read_call_claimed,
    "ChannelCallerId": _read_channel_caller_id,
    "ChannelConnectedLine": _read_channel_connected_line,
    "ChannelCreated": _read_channel_created,
    "ChannelDestroyed": _read_channel_destroyed,
    "ChannelDialplan": _read_channel_dialplan,
    "ChannelDtmfReceived": _read_channel_dtmf_received,
    "ChannelEnteredBridge": _read_channel_entered_bridge,
    "ChannelHangupRequest": _read_channel_hangup_request,
    "ChannelHold": _read_channel_hold,
    "ChannelLeftBridge": _read_channel_left_bridge,
    "ChannelStateChange": _read_channel_state_change,
    "ChannelTalkingFinished": _read_channel_talking_finished,
    "ChannelTalkingStarted": _read_channel_talking_started,
    "ChannelToneDetected": _read_channel_tone_detected,
    "ChannelTransfer": _read_channel_transfer,
    "ChannelUnhold": _read_channel_unhold,
    "ChannelUserevent": _read_channel_userevent,
    "ChannelVarset": _read_channel_varset,
    "ContactStatusChange": _read_contact_status_change,
    "DeviceStateChanged": _read_device_state_changed,
    "Dial": _read_dial,
    "EndpointStateChange": _read_endpoint_state_change,
    "PeerStatusChange": _read_peer_status_change,
    "PlaybackContinuing": _read_playback_continuing,
    "PlaybackFinished": _read_playback_finished,
    "PlaybackStarted": _read_playback_started,
    "RESTResponse": _read_restresponse,
    "RecordingFailed": _read_recording_failed,
    "RecordingFinished": _read_recording_finished,
    "RecordingStarted": _read_recording_started,
    "StasisEnd": _read_stasis_end,
    "StasisStart": _read_stasis_start,
    "TextMessageReceived": _read_text_message_received,
}


def parse(message: JsonObject) -> Event:
    """The event that a JSON object from Asterisk tells of; UnknownEvent for a type that is not described."""
    kind = message.get("type", "")
    reader = _READERS.get(kind)
    if reader is None:
        return UnknownEvent(message.get("application", ""), message.get("timestamp", ""), str(kind))
    return reader(message)


def parse_channel(resource: JsonObject) -> Channel:
    """The channel that a JSON object of the REST interface describes."""
    return _read_channel(resource)
