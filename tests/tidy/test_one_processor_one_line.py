"""A processor is one folder and one line of node.gateways: nothing else of the product names it."""

import re
from pathlib import Path

import pytest

from node.gateways import PROCESSORS

_ROOT = Path(__file__).parents[2]
_ROOMS = [
    "core",
    "pbx",
    "dialplan",
    "asr",
    "tts",
    "messages",
    "ivr",
    "payments",
    "db",
    "api",
    "rehearsal",
    "node",
]
_FOLDERS = _ROOT / "payments" / "gateways"
_FIRST = "stripe"  # the line's first gateway has settings of its own
_VENDORS = sorted(
    folder.name
    for folder in _FOLDERS.iterdir()
    if (folder / "processor.py").exists() and folder.name != _FIRST
)


def test_every_folder_is_wired_and_every_wired_one_has_a_folder() -> None:
    assert {_FIRST, *_VENDORS} == set(PROCESSORS)


@pytest.mark.parametrize("vendor", _VENDORS)
def test_nothing_but_its_folders_and_the_wiring_names_a_processor(vendor: str) -> None:
    files = {path: path.read_text("utf-8") for room in _ROOMS for path in (_ROOT / room).rglob("*.py")}
    assert _naming(vendor, files) == {"node/gateways.py"}


@pytest.mark.parametrize("vendor", _VENDORS)
def test_the_wiring_says_one_line_of_it_beside_the_import(vendor: str) -> None:
    lines = (_ROOT / "node" / "gateways.py").read_text("utf-8").splitlines()
    named = [line for line in lines if re.search(rf"\b{vendor}\b", line)]
    assert [line.partition(" ")[0] for line in named] == ["from", ""]
    assert f'"{vendor}": {vendor.upper()},' in named[1]


def test_a_file_that_names_a_vendor_is_found() -> None:
    planted = {
        _ROOT / "payments" / "desk.py": "from payments.gateways.square.account import Account\n",
        _ROOT / "payments" / "gateways" / "square" / "gateway.py": "import payments.gateways.square.pages\n",
        _ROOT / "payments" / "sandbox" / "square" / "dialect.py": "import payments.gateways.square.pages\n",
        _ROOT / "payments" / "refunds.py": "square = 2**2\n",
    }
    assert _naming("square", planted) == {"payments/desk.py"}


def _naming(vendor: str, files: dict[Path, str]) -> set[str]:
    own = (f"payments/gateways/{vendor}/", f"payments/sandbox/{vendor}/")
    named = re.compile(rf"payments\.gateways\.{vendor}\b")
    found = {str(path.relative_to(_ROOT)) for path, text in files.items() if named.search(text)}
    return {path for path in found if not path.startswith(own)}
