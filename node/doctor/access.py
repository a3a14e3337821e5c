"""How people reach the page: TLS and for how long its certificate holds, the second factor."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509

from node.api_access import SELF_MADE
from node.doctor.finding import Finding, broken, doubtful, fine
from node.settings import ApiSettings, Settings

_SOON: Final = timedelta(days=14)


def look(settings: Settings) -> list[Finding]:
    """The API's certificate and what signing in asks for."""
    return [_tls(settings.api), _second_factor(settings.api)]


def _tls(api: ApiSettings) -> Finding:
    match api.certificate:
        case "" if _is_loopback(api.host) or api.proxies:
            return fine("TLS", "plain HTTP, for this machine or behind a proxy")
        case "":
            saw = f"plain HTTP on {api.host}: nobody signs in from another machine"
            return doubtful("TLS", saw, "set api.certificate and api.private_key, or api.proxies")
        case self_made if self_made == SELF_MADE:
            return doubtful(
                "TLS", "a self-made certificate: browsers warn of it", "set api.certificate to a file"
            )
        case file:
            return _certificate(Path(file))


def _certificate(file: Path) -> Finding:
    try:
        until = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        return broken("TLS", f"{file} is no certificate: {error}", "set api.certificate to one in PEM")
    now = datetime.now(UTC)
    if until < now:
        return broken("TLS", f"{file} ended on {until:%Y-%m-%d}", "put a new certificate there")
    if until < now + _SOON:
        return doubtful("TLS", f"{file} ends on {until:%Y-%m-%d}", "put a new certificate there")
    return fine("TLS", f"{file} holds until {until:%Y-%m-%d}")


def _second_factor(api: ApiSettings) -> Finding:
    if api.second_factor:
        return fine("second factor", "asked of every user")
    mend = "set api.second_factor to true"
    return doubtful("second factor", "users may do without one (PCI DSS 8.4 wants it)", mend)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
