"""The files about Asterisk itself: what it logs, counts, and keeps switched off."""

from dialplan.conf import section
from dialplan.exchange import Exchange

CEL_EVENTS = "CHAN_START,CHAN_END,ANSWER,HANGUP,BRIDGE_ENTER,BRIDGE_EXIT,BLINDTRANSFER,ATTENDEDTRANSFER"


def logger(_exchange: Exchange) -> list[str]:
    """logger.conf: never a level at which keys could be written (PCI DSS 3.3.1).

    `dtmf` always would, `debug` and `verbose` once somebody types `core set debug` or `rtp set debug`. A
    console takes `verbose` unasked, so there is none: `asterisk -r` answers, and shows no log.
    """
    lines = section("general", [("dateformat", "%F %T.%3q")])
    return [*lines, "[logfiles]", "messages.log => notice,warning,error", ""]


def cdr(exchange: Exchange) -> list[str]:
    """cdr.conf: Asterisk's own call records, off unless the admin wants them."""
    lines = section("general", [("enable", exchange.call_records)], "call_records")
    return lines + section("csv", [("usegmtime", True), ("loguniqueid", True)])


def cel(_exchange: Exchange) -> list[str]:
    """cel.conf: off; its events are named all the same, without DTMF, which would write keys."""
    return section("general", [("enable", False), ("events", CEL_EVENTS)])


def manager(_exchange: Exchange) -> list[str]:
    """manager.conf: AMI stays off; its events would carry keys."""
    return section("general", [("enabled", False), ("webenabled", False)])


def features(_exchange: Exchange) -> list[str]:
    """features.conf: no key does anything in a call but reach the flow."""
    return section("general", [("transferdialattempts", 3)]) + section("featuremap", [])


def udptl(_exchange: Exchange) -> list[str]:
    """udptl.conf: fax is not spoken; the file keeps Asterisk from asking for it."""
    return section("general", [("udptlchecksums", True)])


def acl(_exchange: Exchange) -> list[str]:
    """acl.conf: no named lists."""
    return []


def ccss(_exchange: Exchange) -> list[str]:
    """ccss.conf: no call completion."""
    return section("general", [("cc_max_requests", 1)])


def pjproject(_exchange: Exchange) -> list[str]:
    """pjproject.conf: what the SIP library says; never packets, where keys sent as INFO would show."""
    return section("startup", [("type", "startup"), ("log_level", 2)])
