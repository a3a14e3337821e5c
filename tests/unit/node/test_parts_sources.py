"""Reading the machine's own apt sources."""

from pathlib import Path

from node.parts.sources import Archive, archives, from_deb822, from_one_line

_DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://mirror.example/debian
# http://snapshot.example/debian
Suites: bookworm bookworm-updates
Components: main non-free
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""


def test_a_deb822_source_becomes_an_archive_with_its_key() -> None:
    assert from_deb822(_DEB822) == [
        Archive("http://mirror.example/debian", "/usr/share/keyrings/debian-archive-keyring.gpg")
    ]


def test_a_disabled_source_is_passed_over() -> None:
    assert from_deb822(_DEB822.replace("Types: deb deb-src", "Types: deb\nEnabled: no")) == []


def test_sources_of_source_packages_are_passed_over() -> None:
    text = "Types: deb-src\nURIs: http://m.example/debian\nSuites: sid\nComponents: main\n"
    assert from_deb822(text) == []


def test_a_key_given_in_full_keeps_its_lines() -> None:
    text = (
        "Types: deb\nURIs: http://m.example/debian\nSuites: sid\nComponents: main\n"
        "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n"
        " -----END PGP PUBLIC KEY BLOCK-----\n"
    )
    (archive,) = from_deb822(text)
    assert archive.signed_by.splitlines()[1:] == text.splitlines()[5:]


def test_what_is_written_for_another_suite_reads_back_as_the_same_archive() -> None:
    archive = Archive("https://m.example/debian", "/usr/share/keyrings/k.gpg", "yes")
    assert from_deb822(archive.stanza("sid")) == [archive]


def test_a_one_line_source_becomes_an_archive_with_its_options() -> None:
    text = (
        "# deb http://old.example/debian stretch main\n"
        "deb [arch=amd64 signed-by=/k.gpg trusted=yes] https://m.example/debian/ sid main contrib # ours\n"
        "deb-src https://m.example/debian/ bookworm main\n"
    )
    assert from_one_line(text) == [Archive("https://m.example/debian/", "/k.gpg", "yes")]


def test_archives_of_others_are_passed_over() -> None:
    text = (
        "deb https://download.example/linux/debian bookworm stable\n"
        "deb https://apt.example/pub bookworm-pgdg main\n"
        "deb http://security.example/debian-security bookworm/updates main\n"
        "deb cdrom:[Debian 12]/ bookworm main\n"
    )
    assert from_one_line(text) == []


def test_both_kinds_of_file_are_read_and_debian_itself_comes_first(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb https://packages.example/php bookworm main\n")
    (parts / "debian.sources").write_text(_DEB822)
    (parts / "ignored.list.disabled").write_text("deb https://ignored.example/debian sid main\n")
    assert [archive.uri for archive in archives(tmp_path)] == [
        "http://mirror.example/debian",
        "https://packages.example/php",
    ]


def test_a_machine_without_sources_has_no_archives(tmp_path: Path) -> None:
    assert archives(tmp_path) == []
