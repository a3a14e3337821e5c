"""Finding outside programs, and the commands that run them."""

from pathlib import Path

import pytest

from node.parts.baresip import baresip_argv, baresip_paths
from node.parts.errors import PartMissing
from node.parts.espeak import espeak_argv
from node.parts.program import MACHINE, Part, Program, asterisk_data, find, installed

_LIBRARIES = "usr/lib/x86_64-linux-gnu"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "parts"
    for folder in (
        "usr/bin",
        f"{_LIBRARIES}/espeak-ng-data",
        "usr/lib/baresip/modules",
        "usr/share/baresip",
        "usr/share/asterisk/documentation",
    ):
        (root / folder).mkdir(parents=True)
    (root / _LIBRARIES / "ld-linux-x86-64.so.2").touch()
    (root / Part.SIPP).touch()
    return root


def test_a_part_is_started_by_the_loader_of_its_own_root(root: Path) -> None:
    assert Program(root, Part.SIPP).argv("-v") == [
        f"{root}/{_LIBRARIES}/ld-linux-x86-64.so.2",
        "--library-path",
        f"{root}/{_LIBRARIES}:{root}/{_LIBRARIES}/pulseaudio",
        "--argv0",
        f"{root}/usr/bin/sipp",
        f"{root}/usr/bin/sipp",
        "-v",
    ]


def test_a_program_of_the_machine_is_started_as_it_is() -> None:
    assert Program(MACHINE, "usr/bin/sipp").argv("-v") == ["/usr/bin/sipp", "-v"]


def test_a_root_without_a_loader_tells_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(PartMissing, match="make parts"):
        Program(tmp_path, Part.SIPP).argv()


def test_a_part_is_found_where_the_machine_has_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.parts.program.installed", lambda part: None)
    assert find(Part.SIPP, root.parent) == Program(root, Part.SIPP)


def test_a_missing_part_tells_how_to_bring_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.parts.program.installed", lambda part: None)
    with pytest.raises(PartMissing, match=r"no asterisk on this machine .* `make parts`"):
        find(Part.ASTERISK, tmp_path)


def test_the_machine_s_own_program_is_found_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "baresip").touch(mode=0o755)
    assert installed(Part.BARESIP, {"PATH": str(tmp_path)}) == Program(MACHINE, str(tmp_path / "baresip")[1:])


def test_an_asterisk_without_websocket_media_does_not_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "asterisk").touch(mode=0o755)
    monkeypatch.setattr("node.parts.program.asterisk_modules", lambda program: tmp_path)
    assert installed(Part.ASTERISK, {"PATH": str(tmp_path)}) is None
    (tmp_path / "chan_websocket.so").touch()
    assert installed(Part.ASTERISK, {"PATH": str(tmp_path)}) is not None


def test_espeak_is_told_where_its_voices_are(root: Path) -> None:
    assert espeak_argv(Program(root, Part.ESPEAK_NG), "hello")[-2:] == [
        f"--path={root}/{_LIBRARIES}",
        "hello",
    ]


def test_an_installed_espeak_finds_its_voices_itself() -> None:
    assert espeak_argv(Program(MACHINE, "usr/bin/espeak-ng"), "hello") == ["/usr/bin/espeak-ng", "hello"]


def test_baresip_is_told_where_its_modules_are(root: Path) -> None:
    program = Program(root, Part.BARESIP)
    assert f"module_path {root}/usr/lib/baresip/modules\n" in baresip_paths(program)
    assert baresip_argv(program, Path("/x"), "-t", "5")[-4:] == ["-f", "/x", "-t", "5"]


def test_asterisk_s_data_is_the_folder_that_holds_its_descriptions(root: Path) -> None:
    assert asterisk_data(Program(root, Part.ASTERISK)) == root / "usr/share/asterisk"
