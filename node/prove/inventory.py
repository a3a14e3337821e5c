"""Every place of a line that is searched, and what is planted in it for the search to find."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from core.audio import Audio
from node.prove.canary import Canary
from node.prove.evidence import turns
from node.prove.goertzel import WINDOWS, edges, held, keys_heard
from node.prove.leak import LEAKY, PACKETS
from node.prove.memory import memory
from node.prove.pcap import keys_in, payloads
from node.prove.places import Haystack, Keyed, Place, file, files_below, told
from node.prove.processes import Processes
from node.prove.trails import TRAIL
from rehearsal.sound import RATE_HZ, WAV_HEADER_BYTES

WEBHOOKS = "webhooks"
"""The file of what was posted to the receiver, in the folder of the watchers."""

_CALL = "a caller who shows it as number"
_WRITTEN = "written into the file, and once more a digit a line"
_TONES = "its keys, whole and as edges of 20 ms, added to the sound of one of them"
_HEARD = "its keys, played to one of them by a caller, and added to the sound of one as edges of 20 ms"
_PACKETS = "its keys, sent to one of them as SIP INFO and as RTP events, and added to the packets of one"


@dataclass(frozen=True, slots=True)
class Found:
    """Where things lie: the line's folder, what the watchers wrote, and what was asked for at the end."""

    root: Path
    line: Path
    outside: Path
    agents: Path
    dump: Path
    answers: Mapping[str, bytes]
    metrics: Mapping[str, bytes]
    processes: Processes
    users: frozenset[int]  # that the line's processes run as
    since: float  # seconds of the epoch: when the proof began


def inventory(found: Found, control: Canary) -> Iterator[Place]:
    """All places but memory, which is searched while the line runs."""
    yield from _logs(found)
    yield from _streams(found, control)
    yield from _database(found)
    yield from _sound(found, control)
    yield from _machine(found)


def controller_memory(name: str, pid: int) -> Place:
    """The memory of the controller; a caller with the control's number is in a call meanwhile."""
    return Place(name, _CALL, lambda: memory(pid))


def plant(found: Found, control: Canary) -> None:
    """Write the control where no call brings it."""
    lines = "".join(f'{{"event": "key", "key": "{key}"}}\n' for key in control.keys)
    with (found.line / "line.log").open("a") as log:
        log.write(f'{{"event": "planted", "card": "{control.number}"}}\n{lines}')
    recordings = found.line / "asterisk" / "spool" / "recording"
    (recordings / "planted.txt").write_text(control.number)
    (found.line / "data" / "planted.txt").write_text(control.number)
    for at, folder in enumerate(_temporary()):
        _planted(folder, at).write_text(control.number)


def uproot() -> None:
    """Take away what was planted outside the line's own folder."""
    for at, folder in enumerate(_temporary()):
        _planted(folder, at).unlink(missing_ok=True)


def _logs(found: Found) -> Iterator[Place]:
    logs = found.line / "asterisk" / "log"
    records = {"CDR": logs / "cdr-csv", "CEL": logs / "cel-custom"}
    yield Place(
        "log of the controller",
        _WRITTEN,
        lambda: [file(found.line / "line.log", text=True)],
        ways=frozenset({"digits", TRAIL}),
    )
    yield Place(
        "logs of Asterisk",
        "a caller who shows it as number, and keys it in while res_rtp_asterisk writes keys",
        lambda: files_below(logs, text=True, without=list(records.values())),
        ways=frozenset({"digits", TRAIL}),
    )
    for name, folder in records.items():
        yield Place(f"{name} of Asterisk", _CALL, _below(folder))


def _streams(found: Found, control: Canary) -> Iterator[Place]:
    for name, stream in (("AMI", "ami"), ("ARI", "ari"), ("live facts", "live")):
        yield Place(f"stream: {name}", _CALL, _one(found.outside / stream))
    yield Place("answers of the API", _CALL, lambda: _told(found.answers))
    yield Place(
        "webhooks out", "the address of a status callback, which holds it", _one(found.outside / WEBHOOKS)
    )
    yield Place(
        "transcripts", "a turn of a caller who says its first digits", lambda: _told(turns(found.answers))
    )
    planted = f'planted{{card="{control.number}"}} 1\n'.encode()
    yield Place(
        "metrics and health",
        "a line added to what was read",
        lambda: _told({name: text + planted for name, text in found.metrics.items()}),
    )


def _database(found: Found) -> Iterator[Place]:
    data = found.line / "postgres" / "data"
    wal = data / "pg_wal"
    yield Place("PostgreSQL: dump", _CALL, lambda: [file(found.dump, text=True)])
    yield Place("PostgreSQL: data folder", _CALL, lambda: files_below(data, without=[wal]))
    yield Place("PostgreSQL: pg_wal", _CALL, lambda: files_below(wal))
    yield Place(
        "PostgreSQL: server log",
        "a statement with it that fails",
        lambda: [file(found.line / "postgres" / "log", text=True)],
    )


def _sound(found: Found, control: Canary) -> Iterator[Place]:
    recordings = found.line / "asterisk" / "spool"
    yield Place("recordings, as files", "a file beside them", lambda: files_below(recordings))
    yield Place("recordings, as sound", _TONES, keyed=lambda: _heard(recordings, "*.wav", control))
    yield Place("agents' telephones: sound", _HEARD, keyed=lambda: _heard(found.agents, "heard.wav", control))
    yield Place(
        "agents' telephones: packets",
        _PACKETS,
        lambda: files_below(found.agents),
        lambda: _packets(found.agents, control),
    )


def _machine(found: Found) -> Iterator[Place]:
    line = found.line
    searched = [
        line / name
        for name in ("line.log", "asterisk/log", "asterisk/spool", "postgres/data", "postgres/log")
    ]
    vendor = [line / "sandbox", line / "sandbox.log"]
    yield Place(
        "other files of the line",
        "a file among them",
        lambda: files_below(line, without=[*searched, *vendor]),
    )
    yield Place("temporary files", "a file in each folder", lambda: _recent(found))
    yield Place(
        "arguments and environment",
        "a process that has it in both",
        lambda: _processes(found.processes),
    )


def _below(folder: Path) -> Callable[[], Iterable[Haystack]]:
    return lambda: files_below(folder, text=True)


def _one(path: Path) -> Callable[[], Iterable[Haystack]]:
    return lambda: [file(path, text=True)]


def _told(answers: Mapping[str, bytes]) -> Iterator[Haystack]:
    yield from (told(label, content) for label, content in answers.items())


def _heard(folder: Path, pattern: str, control: Canary) -> Iterator[Keyed]:
    """Each recording's keys; the first is read once more, with the control's keys added to a copy."""
    recordings = [(path, _audio(path)) for path in sorted(folder.rglob(pattern))]
    for path, audio in recordings:
        heard = tuple(keys_heard(audio, windows) for windows in WINDOWS)
        yield Keyed(str(path), heard, planted=_is_leaky(path))
    for path, audio in recordings[:1]:
        for windows, planted in zip(WINDOWS, (held(control.keys), edges(control.keys)), strict=True):
            yield Keyed(
                f"{path}, with the control",
                (keys_heard(Audio(audio.pcm + planted.pcm, RATE_HZ), windows),),
                planted=True,
            )


def _is_leaky(path: Path) -> bool:
    """Whether this is of an agent who was sent the control."""
    return any((folder / LEAKY).exists() for folder in path.parents)


def _audio(path: Path) -> Audio:
    raw = path.read_bytes()[WAV_HEADER_BYTES:]
    return Audio(raw[: len(raw) // 2 * 2], RATE_HZ)


def _packets(folder: Path, control: Canary) -> Iterator[Keyed]:
    captures = sorted(folder.rglob(PACKETS))
    for path in captures:
        yield Keyed(str(path), (keys_in(payloads(path)),), planted=_is_leaky(path))
    for path in captures[:1]:
        for packets in (_as_info(control.keys), _as_events(control.keys)):
            told_keys = keys_in(chain(payloads(path), packets))
            yield Keyed(f"{path}, with the control", (told_keys,), planted=True)


def _as_info(keys: str) -> Iterator[bytes]:
    """SIP INFO (application/dtmf-relay)."""
    for key in keys:
        body = f"Signal={key}\r\nDuration=100\r\n"
        yield f"INFO sip:201@example.com SIP/2.0\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def _as_events(keys: str) -> Iterator[bytes]:
    """RTP events (RFC 4733 2.3)."""
    for at, key in enumerate(keys, 1):
        rtp = b"\x80\x65" + at.to_bytes(2, "big") + (800 * at).to_bytes(4, "big") + bytes(4)
        yield rtp + bytes([int(key), 0x8A, 0x03, 0x20])


def _processes(seen: Processes) -> Iterator[Haystack]:
    for content, label in list(seen.seen.items()):
        yield told(label, content)
    for pid in sorted(seen.refused):
        yield file(Path("/proc") / pid / "environ")


def _recent(found: Found) -> Iterator[Haystack]:
    """Files written since the proof began by the users that the line runs as; other people's are not ours."""
    refused: list[str] = []
    for folder in _temporary():
        for root, folders, names in os.walk(folder, onerror=lambda problem: refused.append(problem.filename)):
            folders[:] = [name for name in folders if Path(root, name) != found.root]
            for path in (Path(root, name) for name in names):
                if _is_recent(path, found):
                    yield file(path)
    yield from (file(path) for path in map(Path, refused) if _owner(path) in found.users)


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:
        return None  # it has gone


def _is_recent(path: Path, found: Found) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False  # it has gone
    return stat.S_ISREG(facts.st_mode) and facts.st_mtime >= found.since and facts.st_uid in found.users


def _temporary() -> tuple[Path, ...]:
    folders = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108
    return tuple(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def _planted(folder: Path, at: int) -> Path:
    return folder / f"tellerline-prove-{os.getpid()}-{at}"
