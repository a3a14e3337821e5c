"""Folders that one process holds, sockets with long paths, users that servers run as."""

import os
import stat
from pathlib import Path

import pytest

from node.parts.account import Account, server_account
from node.parts.claim import Claim
from node.parts.errors import NotStarted, StillRunning
from node.parts.postgres import Postgres
from node.parts.sockets import leave, socket_folder

_OTHER = Account("other", os.geteuid() + 19000, os.getegid() + 19000)


def test_a_folder_is_held_once_and_can_be_held_again(tmp_path: Path) -> None:
    with Claim(tmp_path), pytest.raises(StillRunning, match=f"process {os.getpid()}"):
        Claim(tmp_path).take()
    with Claim(tmp_path):
        pass


def test_a_short_path_is_used_as_it_is(tmp_path: Path) -> None:
    assert socket_folder(tmp_path / "run", "s") == tmp_path / "run"


def test_a_long_path_has_one_private_stand_in(tmp_path: Path) -> None:
    wanted = tmp_path / ("deep" * 30)
    folder = socket_folder(wanted, "asterisk.ctl")
    try:
        assert len(str(folder / "asterisk.ctl")) < 108
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert socket_folder(wanted, "asterisk.ctl") == folder
    finally:
        leave(folder, wanted)
    assert not folder.exists()


def test_a_stand_in_that_is_a_link_is_a_trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    wanted = tmp_path / ("deep" * 30)
    folder = socket_folder(wanted, "s")
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(NotStarted, match="belongs to someone else"):
        socket_folder(wanted, "s")


def test_our_own_user_needs_no_help() -> None:
    assert Account("me", os.geteuid(), os.getegid()).argv(["postgres"], []) == ["postgres"]


def test_another_user_keeps_the_right_to_pass_only_where_a_folder_is_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "postgres").touch()
    assert "--ambient-caps=+dac_override" in _OTHER.argv(["postgres"], [closed / "postgres"])
    assert "--ambient-caps=+dac_override" not in _OTHER.argv(["postgres"], [Path("/usr/bin/env")])


def test_a_server_does_not_run_as_root(tmp_path: Path) -> None:
    assert server_account(tmp_path).uid != 0


def test_the_url_names_the_socket_s_folder(tmp_path: Path) -> None:
    assert (
        Postgres(Path("/srv/x y")).url("calls") == "postgresql://tellerline@/calls?host=%2Fsrv%2Fx%20y%2Frun"
    )
