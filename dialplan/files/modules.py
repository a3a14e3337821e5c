"""modules.conf: only what the exchange needs, by name, so that Asterisk boots fast and offers little."""

from dialplan.conf import section
from dialplan.exchange import Exchange, Extension, Trunk

_ALWAYS = """
    res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_timing_timerfd res_crypto
    res_http_websocket res_websocket_client
    res_pjsip res_pjsip_pubsub res_pjsip_session res_pjsip_outbound_authenticator_digest
    res_pjsip_authenticator_digest res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user
    res_pjsip_registrar res_pjsip_outbound_registration res_pjsip_sdp_rtp res_pjsip_dtmf_info
    res_pjsip_caller_id res_pjsip_diversion res_pjsip_nat res_pjsip_refer res_pjsip_rfc3326 res_pjsip_path
    res_pjsip_header_funcs res_pjsip_transport_websocket res_pjsip_acl
    res_rtp_asterisk res_srtp chan_pjsip chan_websocket
    bridge_simple bridge_softmix bridge_native_rtp bridge_holding bridge_builtin_features
    res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop
    res_stasis_device_state app_stasis
    res_ari res_ari_model res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels
    res_ari_device_states res_ari_endpoints res_ari_events res_ari_playbacks res_ari_recordings res_ari_sounds
    pbx_config app_dial app_playback app_echo app_verbose app_exec app_stack
    app_senddtmf app_read app_userevent app_blind_transfer
    func_callerid func_channel func_hangupcause func_logic func_strings func_global func_timeout func_volume
    func_pjsip_endpoint func_pjsip_aor func_pjsip_contact func_jitterbuffer func_cdr func_math
    codec_ulaw codec_alaw codec_g722 codec_gsm codec_resample codec_a_mu
    format_pcm format_wav format_sln format_gsm
"""
_FOR_MUSIC = ["res_musiconhold"]
_FOR_QUEUES = ["app_queue"]
_FOR_QUEUE_RECORDINGS = [
    "func_cut",
    "func_uri",
    "func_groupcount",
    "app_chanspy",
    "func_periodic_hook",
    "app_mixmonitor",
]
_FOR_CALL_RECORDS = ["cdr_csv"]
_FOR_OPUS = ["res_format_attr_opus"]


def modules(exchange: Exchange) -> list[str]:
    """The file's lines. `chan_pjsip` is required: without phones Asterisk shall not seem to be well."""
    lines = section("modules", [("autoload", False)])[:-1]
    lines += ["require => chan_pjsip.so", "require => res_ari_channels.so"]
    return [*lines, *(f"load => {module}.so" for module in loaded(exchange)), ""]


def loaded(exchange: Exchange) -> list[str]:
    """The modules' names without `.so`, in order, each once."""
    chosen = _ALWAYS.split()
    chosen += _FOR_MUSIC if exchange.music else []
    chosen += _FOR_QUEUE_RECORDINGS if any(queue.record for queue in exchange.queues.values()) else []
    chosen += _FOR_QUEUES if exchange.queues else []
    chosen += _FOR_CALL_RECORDS if exchange.call_records else []
    chosen += _FOR_OPUS if "opus" in _codecs(exchange) else []
    return list(dict.fromkeys([*chosen, *exchange.modules]))


def _codecs(exchange: Exchange) -> set[str]:
    ends: list[Extension | Trunk] = [*exchange.extensions.values(), *exchange.trunks.values()]
    return {codec for end in ends for codec in end.codecs or ()} | set(exchange.codecs)
