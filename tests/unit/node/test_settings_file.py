"""A private line's settings, written as a file, are read back as they were."""

from pathlib import Path

from node.settings import read
from node.stack.settings_file import write_settings


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    environment = {
        "TELLERLINE_LINE_NAME": 'Example "Power"',
        "TELLERLINE_API_PORT": "8181",
        "TELLERLINE_PAYMENTS_STRIPE_MOTO": "true",
        "PATH": "/usr/bin",
    }
    file = tmp_path / "line" / "tellerline.toml"
    write_settings(file, environment)
    assert read(file, {}) == read(None, {name: text for name, text in environment.items() if name != "PATH"})
    assert file.stat().st_mode & 0o777 == 0o600
