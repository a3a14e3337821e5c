"""A small Asterisk, and telephones to call it with."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from node.parts.asterisk import Asterisk
from node.parts.baresip import baresip_paths
from node.parts.folder import local_folder
from node.parts.program import Part, find
from rehearsal.account import Call, Caller, Installed, Line
from rehearsal.baresip import baresip
from rehearsal.handset import Handset
from rehearsal.ports import PortRange

ETC = Path(__file__).parent / "etc"
UDP = Line("127.0.0.1", 19750)


class Lab:
    """An Asterisk that runs, and telephones."""

    def __init__(self, asterisk: Asterisk, folder: Path) -> None:
        self.asterisk = asterisk
        self.folder = folder
        self.ports = PortRange(19752, 19799)
        program = find(Part.BARESIP, local_folder())
        self.installed = Installed(tuple(program.argv()), baresip_paths(program))
        self._blocks = 0

    @asynccontextmanager
    async def phone(self, caller: Caller, line: Line = UDP) -> AsyncIterator[Handset]:
        """A telephone for one call."""
        self._blocks += 1
        folder = self.folder / f"phone-{self._blocks}"
        with self.ports.block() as ports:
            async with baresip(self.installed, Call(line, caller, ports), folder, longest_s=30) as phone:
                yield phone

    def pid_of_phone(self) -> int:
        """The process of the last telephone, found by its folder."""
        folder = self.folder / f"phone-{self._blocks}"
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").readlink() == folder:
                    return int(process.name)
            except OSError:
                continue
        raise LookupError(f"no process works in {folder}")

    async def keys_from(self, number: str) -> str:
        """The keys that Asterisk wrote down for a caller."""
        answer = await self.asterisk.console(f"database get keys {number}")
        return answer.strip().removeprefix("Value: ")


@asynccontextmanager
async def open_lab(folder: Path) -> AsyncIterator[Lab]:
    """An Asterisk with the dialplan of `etc`, keeping everything in a folder."""
    etc = folder / "etc"
    shutil.copytree(ETC, etc)
    _certify(etc / "line.pem", etc / "line.key")
    pjsip = (ETC / "pjsip.conf").read_text()
    pjsip = pjsip.replace("CERTIFICATE", str(etc / "line.pem")).replace("KEY", str(etc / "line.key"))
    (etc / "pjsip.conf").write_text(pjsip)
    extensions = (ETC / "extensions.conf").read_text().replace("${RECORDED}", str(folder / "recorded"))
    (etc / "extensions.conf").write_text(extensions)
    program = find(Part.ASTERISK, local_folder())
    async with Asterisk(program, etc, folder / "state") as asterisk:
        yield Lab(asterisk, folder)


def _certify(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
