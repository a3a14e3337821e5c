"""Each list that the API has is among those that `make bench NAME=api.list` asks for."""

from tests.load.list_paths import LISTS, unmeasured


def test_the_bench_asks_for_every_list_of_the_api() -> None:
    assert unmeasured(LISTS) == set(), "add them to tests/load/list_paths.py, and rows to its books"


def test_lists_that_the_bench_leaves_out_are_found() -> None:
    left_out = ("/v1/flows-taken-out", "/v1/flows/{name}/versions")
    asked = [one for one in LISTS if not one().startswith(("/v1/flows-", "/v1/flows/"))]

    assert unmeasured(asked) == set(left_out)


def test_a_list_is_not_taken_for_another_below_the_same_path() -> None:
    assert "/v1/flows" in unmeasured(
        [lambda: "/v1/flows/front_office/versions", lambda: "/v1/flows-taken-out"]
    )
