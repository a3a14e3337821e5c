"""The telephone's end: the switch that carries calls."""

from random import SystemRandom

from dialplan.directory import Directory
from node.settings import SwitchSettings
from pbx.ari.link import Awaited, Dialed, Link
from pbx.ari.listener import Listener
from pbx.ari.site import Site
from pbx.ari.switch import AriSwitch


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
