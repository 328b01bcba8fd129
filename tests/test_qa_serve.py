"""Serving: a free port is found, and the settings reach the page."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from qa import Settings, default_data, read_environment
from qa.serve import ServeError, free_port
from qa.settings import write_environment


def listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


@pytest.fixture
def pair() -> Iterator[tuple[int, socket.socket]]:
    """A port that is taken, with the next one free."""
    for _ in range(50):
        with listen(0) as server:
            port = server.getsockname()[1]
            try:
                listen(port + 1).close()
            except OSError:
                continue
            yield port, server
            return
    pytest.fail("no two ports in a row are free")


def test_a_free_port_is_taken_as_it_is(pair: tuple[int, socket.socket]) -> None:
    port, _ = pair
    assert free_port(port + 1) == port + 1


def test_a_taken_port_gives_the_next(pair: tuple[int, socket.socket]) -> None:
    port, server = pair
    assert free_port(port) == port + 1
    server.close()
    assert free_port(port) == port


def test_a_port_just_given_up_is_free(pair: tuple[int, socket.socket]) -> None:
    """A connection that lingers does not hold a port."""
    port, server = pair
    with socket.create_connection(("127.0.0.1", port)):
        other, _ = server.accept()
        other.close()
    server.close()
    assert free_port(port) == port


def test_no_port_is_free_at_the_end() -> None:
    with ExitStack() as stack:
        try:
            stack.enter_context(listen(65535))
        except OSError:
            pass  # somebody else has it
        with pytest.raises(ServeError, match="no free port from 65535 on"):
            free_port(65535)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(corpus=Path("a b/报告"), data=Path("/data"), encoder="folder", model="id/name"),
    ],
)
def test_settings_go_through_the_environment(settings: Settings) -> None:
    written = write_environment(settings)
    assert all(name.startswith("WENSHU_") for name in written)
    assert read_environment(written) == settings


def test_an_empty_environment_gives_the_defaults() -> None:
    empty = dict.fromkeys(("WENSHU_CORPUS", "WENSHU_DATA", "WENSHU_ENCODER", "WENSHU_MODEL"), "")
    assert read_environment({}) == read_environment(empty) == Settings(data=default_data())
