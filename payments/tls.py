"""Whom we trust when we speak to a gateway."""

import ssl
from pathlib import Path


def checked(authority: Path | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer, certificates checked (PCI DSS 4.2.1); `authority` is a PEM file to trust instead."""
    context = ssl.create_default_context(cafile=authority)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
