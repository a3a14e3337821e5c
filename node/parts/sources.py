"""The Debian archives that this machine's own apt already uses, read from its sources (sources.list(5))."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ONE_LINE = re.compile(
    r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)"
)
_FETCHABLE = ("http:", "https:", "file:", "mirror", "ftp:", "tor+")


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive, with what apt needs in order to trust it."""

    uri: str
    signed_by: str = ""
    trusted: str = ""

    def stanza(self, suite: str) -> str:
        """A deb822 source for another suite of the same archive."""
        lines = ["Types: deb", f"URIs: {self.uri}", f"Suites: {suite}", "Components: main"]
        if self.signed_by:
            lines.append(f"Signed-By: {self.signed_by}")
        if self.trusted:
            lines.append(f"Trusted: {self.trusted}")
        return "\n".join(lines) + "\n"


def archives(apt: Path = Path("/etc/apt")) -> list[Archive]:
    """Those that may hold Debian itself, the likeliest first; empty when apt has no such source."""
    found: list[Archive] = []
    for file in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]:
        if file.suffix in {".list", ".sources"} and file.is_file():
            text = file.read_text(errors="replace")
            found += from_deb822(text) if file.suffix == ".sources" else from_one_line(text)
    return sorted(dict.fromkeys(found), key=lambda archive: not archive.uri.rstrip("/").endswith("/debian"))


def from_deb822(text: str) -> list[Archive]:
    """The archives of a `.sources` file."""
    found = []
    for fields in _paragraphs(text):
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in {
            "no",
            "false",
        }:
            continue
        if not _holds_debian(fields.get("suites", "").split(), fields.get("components", "").split()):
            continue
        found += [
            Archive(uri, fields.get("signed-by", ""), fields.get("trusted", ""))
            for uri in fields.get("uris", "").split()
            if uri.startswith(_FETCHABLE)
        ]
    return found


def from_one_line(text: str) -> list[Archive]:
    """The archives of a `.list` file."""
    found = []
    for line in text.splitlines():
        match = _ONE_LINE.fullmatch(line.split("#")[0].strip())
        if match and match["uri"].startswith(_FETCHABLE):
            options = dict(_options(match["options"] or ""))
            if _holds_debian([match["suite"]], match["components"].split()):
                found.append(Archive(match["uri"], options.get("signed-by", ""), options.get("trusted", "")))
    return found


def _paragraphs(text: str) -> Iterator[dict[str, str]]:
    uncommented = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for paragraph in re.split(r"\n\s*\n", uncommented):
        fields: dict[str, str] = {}
        name = ""
        for line in paragraph.splitlines():
            if line[:1].isspace():  # a field goes on: a key given in full has many lines
                fields[name] = f"{fields.get(name, '')}\n{line}"
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        yield fields


def _options(text: str) -> Iterator[tuple[str, str]]:
    for option in text.split():
        name, _, value = option.partition("=")
        yield name.lower(), value


def _holds_debian(suites: Iterable[str], components: Iterable[str]) -> bool:
    # additions such as bookworm-security live in archives of their own; few others call a component main
    return "main" in components and any(not set(suite) & set("-/") for suite in suites)
