"""Running baresip from where it was unpacked."""

from pathlib import Path

from node.parts.program import Program


def baresip_paths(program: Program) -> str:
    """The lines of baresip's `config` that say where its modules and its ringing tones are."""
    modules = program.folder(
        "usr/lib/baresip/modules", "usr/lib/*/baresip/modules", "usr/local/lib/baresip/modules"
    )
    tones = program.folder("usr/share/baresip", "usr/local/share/baresip")
    return f"module_path {modules}\naudio_path {tones}\n"


def baresip_argv(program: Program, settings: Path, *arguments: str) -> list[str]:
    """The command for a baresip that reads `config` and `accounts` from the folder `settings`."""
    return program.argv("-f", str(settings), *arguments)
