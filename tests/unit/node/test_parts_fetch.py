"""Fetching the parts, with an apt-get and a dpkg that only pretend."""

import stat
from pathlib import Path

import pytest

from node.parts.apt import explain
from node.parts.debs import PACKAGES, fetch, fetched, skipped
from node.parts.errors import NotFetched
from node.parts.folder import local_folder, parts_root

_APT_GET = """\
#!/bin/sh
# pretends: tells its progress, and brings one package of use and one of none
home=$(dirname "${1#--config-file=}")
if ! grep -q "Suites: $SUITE_THAT_SERVES" "$home/sources/debian.sources"; then
  echo "E: Unable to locate package asterisk"
  exit 100
fi
echo dlstatus:1:50.0:Retrieving > "/dev/fd/${2##*=}"
touch "$home/cache/archives/asterisk_1_all.deb" "$home/cache/archives/perl_5_all.deb"
"""
_DPKG = """\
#!/bin/sh
# pretends: unpacks a program, and fails where it is told to
[ -n "$DPKG_FAILS" ] && { echo "dpkg: out of space" >&2; exit 2; }
mkdir -p "$3/usr/share/asterisk/sounds/en_US_f_Allison" && basename "$2" >> "$3/unpacked"
"""


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("apt-get", _APT_GET), ("dpkg", _DPKG)):
        (programs / name).write_text(text)
        (programs / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("SUITE_THAT_SERVES", "sid")
    apt = tmp_path / "apt"
    apt.mkdir()
    (apt / "sources.list").write_text("deb http://mirror.example/debian bookworm main\n")
    return apt


def _ignore(doing: str, done: float) -> None:
    pass


def test_what_is_of_use_is_unpacked_and_the_sounds_are_linked(tmp_path: Path, sources: Path) -> None:
    root = fetch(tmp_path / "local", _ignore, apt_sources=sources)
    assert (root / "unpacked").read_text().split() == ["asterisk_1_all.deb"]
    assert (root / "usr/share/asterisk/sounds/en").resolve().name == "en_US_f_Allison"


def test_progress_is_told_from_nothing_to_all(tmp_path: Path, sources: Path) -> None:
    told: list[tuple[str, float]] = []
    fetch(tmp_path / "local", lambda doing, done: told.append((doing, done)), apt_sources=sources)
    assert ("downloading", 0.5) in told
    assert told[-1] == ("unpacking", 1.0)


def test_testing_serves_where_unstable_does_not(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUITE_THAT_SERVES", "testing")
    assert (fetch(tmp_path / "local", _ignore, apt_sources=sources) / "unpacked").exists()


def test_a_second_run_asks_nobody(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fetch(tmp_path / "local", _ignore, apt_sources=sources)
    monkeypatch.setenv("PATH", "/nowhere")
    assert fetch(tmp_path / "local", _ignore, apt_sources=sources) == root


def test_an_interrupted_run_is_begun_again(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "local"
    monkeypatch.setenv("DPKG_FAILS", "yes")
    with pytest.raises(NotFetched, match=r"cannot unpack asterisk_1_all\.deb: dpkg: out of space"):
        fetch(local, _ignore, apt_sources=sources)
    assert not fetched(local)
    monkeypatch.delenv("DPKG_FAILS")
    fetch(local, _ignore, apt_sources=sources)
    assert fetched(local)
    assert not (local / "parts.new").exists()


def test_older_parts_stay_when_newer_ones_cannot_be_had(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fetch(tmp_path / "local", _ignore, apt_sources=sources)
    monkeypatch.setenv("SUITE_THAT_SERVES", "none")
    with pytest.raises(NotFetched, match="use the Docker way"):
        fetch(tmp_path / "local", _ignore, apt_sources=sources, again=True)
    assert (root / "unpacked").exists()


def test_without_apt_the_reader_is_sent_to_docker(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NotFetched, match=r"this is not Debian: .* docs/howto/docker\.md"):
        fetch(tmp_path / "local", _ignore, apt_sources=sources)


def test_without_a_mirror_the_reader_is_told(tmp_path: Path, sources: Path) -> None:
    (sources / "sources.list").unlink()
    with pytest.raises(NotFetched, match="names no Debian archive"):
        fetch(tmp_path / "local", _ignore, apt_sources=sources)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Err:1 http://m sid InRelease\n  Could not resolve 'm'\nE: Some index files failed", "a network"),
        ("E: Unable to locate package asterisk", "Docker"),
        ("E: The repository 'http://m sid Release' does not have a Release file.", "Docker"),
        ("E: You don't have enough free space in /x.", "apt-get failed"),
    ],
)
def test_words_of_apt_are_explained_and_repeated(words: str, meaning: str) -> None:
    assert meaning in explain(words)
    assert words.splitlines()[-1] in explain(words)


@pytest.mark.parametrize(
    "package", ["perl-base", "systemd", "dpkg", "debconf", "python3.14-minimal", "passwd"]
)
def test_what_a_whole_machine_needs_is_skipped(package: str) -> None:
    assert skipped(Path(f"{package}_1%3a2_amd64.deb"))


@pytest.mark.parametrize("package", [*PACKAGES, "libc6", "libsystemd0", "libasound2t64", "libgpg-error0"])
def test_what_our_programs_load_is_not_skipped(package: str) -> None:
    assert not skipped(Path(f"{package}_1_amd64.deb"))


def test_the_environment_may_name_a_folder_to_share() -> None:
    assert local_folder({"TELLERLINE_LOCAL": "/srv/shared"}) == Path("/srv/shared")
    assert parts_root(local_folder({})).parts[-2:] == (".local", "parts")
