"""Asterisk: whether it can be reached, is new enough, and has the modules and codecs that the line needs."""

import re
from collections.abc import Callable
from typing import Any

import aiohttp

from node.doctor.finding import Finding, broken, doubtful, fine
from node.doctor.log_levels import log_levels
from node.settings import SwitchSettings

MODULES = (
    "res_ari.so",
    "res_stasis.so",
    "res_stasis_playback.so",
    "res_stasis_recording.so",
    "res_http_websocket.so",
    "chan_websocket.so",
    "chan_pjsip.so",
    "format_pcm.so",
    "format_sln.so",
)
CODECS = ("codec_ulaw.so", "codec_alaw.so", "codec_resample.so")
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_OLDEST = (22, 6)  # chan_websocket came with 22.6, REST over WebSocket with 22.5


async def look(settings: SwitchSettings) -> list[Finding]:
    """Ask Asterisk over HTTP, which works whichever side opens the WebSocket."""
    auth = aiohttp.BasicAuth(settings.user, settings.password)
    try:
        async with aiohttp.ClientSession(settings.url, auth=auth, timeout=_TIMEOUT) as http:
            async with http.get("/ari/asterisk/info") as answer:
                if answer.status == 401:
                    return [
                        broken(
                            "asterisk",
                            "it refuses the ARI user",
                            "let switch.user and switch.password be those of ari.conf",
                        )
                    ]
                answer.raise_for_status()
                version = (await answer.json())["system"]["version"]
            async with http.get("/ari/asterisk/modules") as answer:
                modules = await answer.json()
            async with http.get("/ari/asterisk/logging") as answer:
                answer.raise_for_status()
                channels = await answer.json()
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        why = str(error) or type(error).__name__
        mend = "start Asterisk, apply its configuration (`tellerline dialplan apply`), check switch.url"
        return [broken("asterisk", f"{settings.url}: {why}", mend)]
    return [_version(version), *_modules(modules), log_levels(channels)]


def _version(version: str) -> Finding:
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < _OLDEST:
        return broken("asterisk", version, "install Asterisk 22.6 or newer: older ones lack chan_websocket")
    return fine("asterisk", version)


def _modules(modules: list[dict[str, Any]]) -> list[Finding]:
    running = {module["name"] for module in modules if module.get("status") == "Running"}
    return [_all_run("modules", MODULES, running, broken), _all_run("codecs", CODECS, running, doubtful)]


def _all_run(
    what: str, wanted: tuple[str, ...], running: set[str], verdict: Callable[[str, str, str], Finding]
) -> Finding:
    missing = [name for name in wanted if name not in running]
    if missing:
        return verdict(
            what, "not running: " + ", ".join(missing), "load them in modules.conf, restart Asterisk"
        )
    return fine(what, f"all {len(wanted)} that the line needs run")
