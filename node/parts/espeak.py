"""Running espeak-ng from where it was unpacked."""

from node.parts.program import MACHINE, Program


def espeak_argv(program: Program, *arguments: str) -> list[str]:
    """The command, with the folder of the voices where espeak-ng itself would not look for it."""
    if program.root == MACHINE:
        return program.argv(*arguments)
    voices = program.folder("usr/lib/*/espeak-ng-data", "usr/share/espeak-ng-data")
    return program.argv(f"--path={voices.parent}", *arguments)
