"""The telephone's ends: the switch that carries calls, and the voice that speaks on them."""

from pathlib import Path
from random import SystemRandom

from core.pool import Pool
from dialplan.directory import Directory
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.settings import SwitchSettings, VoiceSettings
from pbx.ari.link import Awaited, Dialed, Link
from pbx.ari.listener import Listener
from pbx.ari.site import Site
from pbx.ari.switch import AriSwitch
from tts.cache import SoundCache
from tts.engines.espeak import Espeak


def asterisk(settings: SwitchSettings, directory: Directory, chance: SystemRandom) -> AriSwitch:
    """The switch, not yet connected."""
    levels = frozenset(level.upper() for level in settings.log_levels)
    site = Site(settings.app, directory.endpoint, settings.recordings, log_levels=levels)
    listener = Listener(
        settings.listen_host, settings.listen_port, user=settings.user, password=settings.password
    )
    return AriSwitch(_link(settings, listener, chance), listener, site)


def _link(settings: SwitchSettings, listener: Listener, chance: SystemRandom) -> Link:
    if settings.connect == "from_asterisk":
        return Awaited(listener)
    return Dialed(
        settings.url, app=settings.app, user=settings.user, password=settings.password, chance=chance
    )


def rendered(settings: VoiceSettings, data: Path, pool: Pool) -> SoundCache:
    """What the voice says, as files. Raises PartMissing without a voice."""
    argv = [settings.program] if settings.program else espeak_argv(find(Part.ESPEAK_NG, local_folder()))
    voice = Espeak(argv, words_a_minute=settings.words_per_minute)
    return SoundCache(voice, (data / "prompts").absolute(), pool=pool, max_bytes=settings.cache_mb << 20)
