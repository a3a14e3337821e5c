"""`tellerline rehearse`: call the line with a real telephone, as files say, and compare what comes of it."""

import json
import os
import secrets
import ssl
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from random import Random

import anyio
import click
from rich.console import Console

from core import log
from core.errors import BadInput
from node.api_access import api_url, operator_key, trusted
from node.parts.baresip import baresip_paths
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.rehearsal_rows import database_rows
from node.settings import Settings, read
from rehearsal.account import Installed, Line
from rehearsal.live import LiveWatch
from rehearsal.mistakes import BadScript
from rehearsal.phones import Phones
from rehearsal.ports import PortRange
from rehearsal.reading import read_script
from rehearsal.report import show_result, show_sum
from rehearsal.result import NotPlayed, Played, Result, as_json
from rehearsal.script import Script
from rehearsal.several import play_all
from rehearsal.stage import Stage
from rehearsal.timeline import Entry, show

_DIFFERENT, _COULD_NOT_RUN = 1, 2


@dataclass(frozen=True, slots=True)
class _Order:
    scripts: tuple[Script, ...]
    line: Line
    api: str
    key: str
    tls: ssl.SSLContext
    database: str
    ports: PortRange
    folder: Path
    repeat: int
    at_once: int
    seed: int


@click.command(
    epilog="Ends with 0 when all came out as written, 1 when something differs, 2 when it was not played. "
    "Examples: tellerline rehearse rehearsal/examples/pay_bill.yaml | tellerline rehearse --check *.yaml"
)
@click.argument("rehearsals", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only read the files, and tell their mistakes.")
@click.option("--line", default="127.0.0.1:5060", show_default=True, help="HOST:PORT of the line's SIP.")
@click.option("--transport", type=click.Choice(["udp", "tcp", "tls"]), default="udp", show_default=True)
@click.option("--srtp", is_flag=True, help="Encrypt the sound (SDES, RFC 4568).")
@click.option("--user", default="", help="The user that the line authenticates the caller by.")
@click.option("--password", default="", envvar="TELLERLINE_REHEARSE_PASSWORD", help="That user's password.")
@click.option("--register", is_flag=True, help="Register before dialing, as a telephone does.")
@click.option("--api", help="Where the line's HTTP interface is  [default: as in the settings]")
@click.option("--database", help="postgresql:// URL, for rehearsals that expect rows  [default: settings]")
@click.option("--settings", "settings_file", type=click.Path(path_type=Path), help="The settings file.")
@click.option("--repeat", default=1, type=click.IntRange(1, 1000), help="Play each so many times.")
@click.option("--at-once", default=1, type=click.IntRange(1, 50), help="Play so many at a time.")
@click.option("--ports", default="21000-21999", show_default=True, help="Ports for telephones.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep received sound and logs in this folder.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the results for machines.")
@click.option("--seed", type=int, help="Make up the same numbers and cards again.")
def rehearse(rehearsals: tuple[Path, ...], *, check: bool, **options: object) -> None:
    """Call the line with a real telephone, as each FILE says, and compare what comes of it."""
    log.configure("warning", "console")
    settings = read(_path(options["settings_file"]), os.environ)
    scripts = _read_all(rehearsals, settings)
    if check:
        click.echo(f"{len(scripts)} rehearsal(s) without mistakes")
        return
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as temporary:
        folder = (_path(options["keep"]) or Path(temporary)).absolute()
        results = anyio.run(partial(_play, _order(scripts, settings, folder, options), Console()))
    if json_file := _path(options["json_file"]):
        json_file.write_text(json.dumps([as_json(result) for result in results], indent=2) + "\n")
    sys.exit(_exit_code(results))


async def _play(order: _Order, console: Console) -> list[Result]:
    baresip = find(Part.BARESIP, local_folder())
    installed = Installed(tuple(baresip.argv()), baresip_paths(baresip))
    phones = Phones(installed, order.line, order.folder, order.ports)
    several = len(order.scripts) * order.repeat > 1

    def tell(number: int, entry: Entry) -> None:
        name = f"#{number + 1} {order.scripts[number % len(order.scripts)].file.stem}"
        show(console, entry, name if several else "")

    async with AsyncExitStack() as stack:
        rows = await stack.enter_async_context(database_rows(order.database)) if order.database else None
        watch = LiveWatch(order.api, order.key, order.tls)
        stage = Stage(phones.new_phone, watch, Random(order.seed), rows)  # noqa: S311 - not for secrets
        results = await play_all(
            order.scripts, stage, repeat=order.repeat, at_once=order.at_once, on_entry=tell
        )
    for result in results:
        show_result(console, result)
    show_sum(console, results, order.seed)
    return results


def _read_all(rehearsals: Sequence[Path], settings: Settings) -> tuple[Script, ...]:
    prompts = _prompts(settings.line.language)
    scripts: list[Script] = []
    mistakes: list[str] = []
    for file in rehearsals:
        try:
            scripts.append(read_script(file, prompts))
        except BadScript as problem:
            mistakes.append(str(problem))
    if mistakes:
        raise BadInput("\n".join(mistakes))
    return tuple(scripts)


def _prompts(language: str) -> frozenset[str]:
    texts = files("ivr") / "prompts" / f"{language}.toml"
    return frozenset(tomllib.loads(texts.read_text())) if texts.is_file() else frozenset()


def _order(
    scripts: tuple[Script, ...], settings: Settings, folder: Path, options: dict[str, object]
) -> _Order:
    seed = options["seed"]
    return _Order(
        scripts=scripts,
        line=_line(options),
        api=str(options["api"] or api_url(settings.api)),
        key=operator_key(settings),
        tls=trusted(settings),
        database=str(options["database"] or settings.database.url),
        ports=_port_range(str(options["ports"])),
        folder=folder,
        repeat=int(str(options["repeat"])),
        at_once=int(str(options["at_once"])),
        seed=seed if isinstance(seed, int) else secrets.randbits(32),
    )


def _line(options: dict[str, object]) -> Line:
    host, colon, port = str(options["line"]).rpartition(":")
    if not colon or not port.isdigit():
        raise BadInput(f"--line {options['line']}: it is HOST:PORT, such as 127.0.0.1:5060")
    match options["transport"]:
        case "udp" | "tcp" | "tls" as transport:
            return Line(
                host,
                int(port),
                transport,
                srtp=bool(options["srtp"]),
                user=str(options["user"]),
                password=str(options["password"]),
                register=bool(options["register"]),
            )
        case other:
            raise BadInput(f"--transport {other} is not known")


def _port_range(text: str) -> PortRange:
    low, dash, high = text.partition("-")
    if not dash or not low.isdigit() or not high.isdigit():
        raise BadInput(f"--ports {text}: it is LOW-HIGH, such as 21000-21999")
    return PortRange(int(low), int(high))


def _path(value: object) -> Path | None:
    return value if isinstance(value, Path) else None


def _exit_code(results: Sequence[Result]) -> int:
    if any(isinstance(result, NotPlayed) for result in results):
        return _COULD_NOT_RUN
    return _DIFFERENT if any(isinstance(result, Played) and not result.same for result in results) else 0
