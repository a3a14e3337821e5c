"""The `asterisk.conf` of a private Asterisk: every folder that it would use elsewhere, relocated."""

from collections.abc import Mapping
from pathlib import Path

from node.parts.program import Program, asterisk_data, asterisk_modules

_OPTIONS = {
    "nocolor": "yes",
    "documentation_language": "en_US",
    "execincludes": "no",  # a configuration file runs no command
    "live_dangerously": "no",
}


def write_asterisk_conf(
    program: Program, etc: Path, state: Path, run: Path, options: Mapping[str, str] | None = None
) -> Path:
    """Make the folders of `state`, write `state/asterisk.conf`, and return it.

    `etc` itself is left alone: it belongs to whoever renders it.
    """
    folders = _folders(program, etc, state, run)
    for name in ("varlib/keys", "db", "cache", "spool/recording", "log"):
        (state / name).mkdir(parents=True, exist_ok=True)
    lines = ["[directories]", *(f"{name} => {folder}" for name, folder in folders.items()), "", "[options]"]
    lines += [f"{name} = {value}" for name, value in {**_OPTIONS, **(options or {})}.items()]
    file = state / "asterisk.conf"
    file.write_text("\n".join(lines) + "\n")
    return file


def _folders(program: Program, etc: Path, state: Path, run: Path) -> dict[str, Path]:
    data = asterisk_data(program)
    return {
        "astetcdir": etc,
        "astmoddir": asterisk_modules(program),
        "astvarlibdir": state / "varlib",
        "astdbdir": state / "db",
        "astkeydir": state / "varlib",
        "astdatadir": data,  # modules refuse to load without the descriptions that lie here
        "astagidir": data / "agi-bin",
        "astcachedir": state / "cache",
        "astspooldir": state / "spool",
        "astrundir": run,
        "astlogdir": state / "log",
        "astsbindir": (program.root / program.path).parent,
    }
