"""A real SIP telephone: a baresip process of its own, begun and ended."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import anyio
import structlog
from anyio.abc import ByteStream, Process

from core.audio import Audio
from core.errors import BadInput
from rehearsal.account import HEARD, SILENCE, Call, Installed, accounts, config
from rehearsal.beside import beside
from rehearsal.control import command
from rehearsal.handset import WORDS, Handset, last_words
from rehearsal.phone import PhoneBroken
from rehearsal.ports import HOST, Ports
from rehearsal.script import Dtmf
from rehearsal.silent_keys import tones_only
from rehearsal.sound import RATE_HZ, write_with_silence

log = structlog.get_logger(__name__)

_START_S = 10.0
_LEAVE_S = 3.0
_POLL_S = 0.01


@asynccontextmanager
async def baresip(
    installed: Installed, call: Call, folder: Path, longest_s: float = 3600.0
) -> AsyncIterator[Handset]:
    """Start a telephone whose files lie in `folder`, and end it with the `async with`.

    `longest_s` is the longest call that it will make. Raises PhoneBroken when it does not come up.
    """
    if call.caller.dtmf is Dtmf.INBAND and call.line.transport != "udp":
        raise BadInput("keys as tones in the sound are rehearsed over SIP by UDP only")
    _lay_out(installed, call, folder, longest_s)
    async with AsyncExitStack() as stack:
        if call.caller.dtmf is Dtmf.INBAND:
            await stack.enter_async_context(
                tones_only((call.host, call.ports.relay), (call.line.host, call.line.port))
            )
        process = await stack.enter_async_context(_running(installed, folder))
        control = await stack.enter_async_context(await _connected(process, folder, call.ports))
        phone = Handset(control, call, folder, longest_s=longest_s)
        await stack.enter_async_context(beside(phone.listen))
        try:
            if call.line.register:
                await phone.registered()
            yield phone
        finally:
            with anyio.CancelScope(shield=True), anyio.move_on_after(_LEAVE_S):
                await _leave(control, process)


def _lay_out(installed: Installed, call: Call, folder: Path, longest_s: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config").write_text(config(installed, call))
    (folder / "accounts").touch(mode=0o600)
    (folder / "accounts").write_text(accounts(call))
    (folder / HEARD).unlink(missing_ok=True)
    write_with_silence(folder / SILENCE, Audio(b"", RATE_HZ), longest_s)


@asynccontextmanager
async def _running(installed: Installed, folder: Path) -> AsyncIterator[Process]:
    with _appended(folder / WORDS) as words:
        # names of sound files are relative to this folder: baresip cuts them after 127 characters
        process = await anyio.open_process(
            [*installed.argv, "-f", "."],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                process.kill()
            await process.wait()


@contextmanager
def _appended(file: Path) -> Iterator[int]:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield number
    finally:
        os.close(number)


async def _connected(process: Process, folder: Path, ports: Ports) -> ByteStream:
    with anyio.move_on_after(_START_S):
        while process.returncode is None:
            try:
                return await anyio.connect_tcp(HOST, ports.control)
            except OSError:
                await anyio.sleep(_POLL_S)
    raise PhoneBroken(f"baresip did not start on {HOST}:{ports.sip}; {last_words(folder)}")


async def _leave(control: ByteStream, process: Process) -> None:
    try:
        await control.send(command("quit", "", ""))
    except (anyio.BrokenResourceError, anyio.ClosedResourceError):
        log.debug("telephone was gone already", pid=process.pid)
    await process.wait()
