"""All tests, in two halves at once: those that mostly compute, beside those that mostly wait for telephones.

Those that go through all objects of a process come first, in one of their own. What fails is run once more,
when nothing else runs; what fails twice fails.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

import click

_BOOKS: Final = ("access", "api", "db", "dialplan", "messages", "payments", "releases")
_COMPUTING: Final = (
    *(f"tests/{folder}" for folder in ("unit", "sim", "tidy", "contract")),
    *(f"tests/integration/{folder}" for folder in _BOOKS),
)
_ALONE: Final = ("tests/alone",)
_WAITING: Final = ("tests", *(f"--ignore={folder}" for folder in (*_COMPUTING, *_ALONE)))
_PARTS: Final = {"alone": _ALONE, "computing": _COMPUTING, "waiting": _WAITING}
_LOG: Final = Path(".local/tests.log")


def main() -> int:
    """Run all; how many parts failed twice. What computes is shown when it is over."""
    _LOG.parent.mkdir(exist_ok=True)
    passed = {"alone": not subprocess.run(_pytest("alone"), check=False).returncode}
    with _LOG.open("wb") as log:
        computing = subprocess.Popen(_pytest("computing"), stdout=log, stderr=subprocess.STDOUT)
    passed["waiting"] = not subprocess.run(_pytest("waiting"), check=False).returncode
    passed["computing"] = not computing.wait()
    click.echo(f"\n=== the tests that compute\n{_LOG.read_text(errors='replace')}")
    return sum(_fails_again(part) for part, fine in passed.items() if not fine)


def _fails_again(part: str) -> bool:
    click.echo(f"\n=== what failed of those {part} is run once more")
    again = ("--last-failed", "--last-failed-no-failures", "none")
    return subprocess.run(_pytest(part, *again), check=False).returncode != 0


def _pytest(part: str, *arguments: str) -> list[str]:
    measured = (sys.executable, "-m", "coverage", "run", "--parallel-mode", "-m", "pytest")
    return [*measured, "-o", f"cache_dir=.pytest_cache/{part}", "--durations=40", *_PARTS[part], *arguments]


if __name__ == "__main__":
    sys.exit(main())
