"""The payment gateway: its address, its certificate, its key."""

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import anyio

from node.doctor.finding import Finding, broken, fine
from node.money_settings import PaymentsSettings

_TIMEOUT_S = 5.0


async def look(settings: PaymentsSettings) -> list[Finding]:
    """Open TLS as a payment would, and look no further."""
    return [_key(settings), await anyio.to_thread.run_sync(_certificate, settings)]


def _key(settings: PaymentsSettings) -> Finding:
    if not settings.stripe_key:
        return broken(
            "gateway key",
            "payments.stripe_key is empty",
            "set TELLERLINE_PAYMENTS_STRIPE_KEY to the secret key",
        )
    return fine("gateway key", f"{settings.stripe_key[:8]}…")


def _certificate(settings: PaymentsSettings) -> Finding:
    url = urlsplit(settings.stripe_url)
    host, port = url.hostname or "", url.port or 443
    if url.scheme != "https":
        return broken(
            "gateway", settings.stripe_url, "card data goes over https only: set payments.stripe_url"
        )
    if settings.stripe_ca and not Path(settings.stripe_ca).exists():
        return broken(
            "gateway", f"{settings.stripe_ca} is not there", "set payments.stripe_ca to the authority's file"
        )
    context = ssl.create_default_context(cafile=settings.stripe_ca or None)
    try:
        with (
            socket.create_connection((host, port), _TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return fine("gateway", f"{host}:{port}, {secured.version()}, certificate checked")
    except ssl.SSLCertVerificationError as error:
        return broken(
            "gateway", f"{host}:{port}: {error.verify_message}", "set payments.stripe_ca, or mend the clock"
        )
    except OSError as error:
        return broken(
            "gateway", f"{host}:{port}: {error}", "let this machine reach it, or start `tellerline sandbox`"
        )
