"""What every test shares: no network, no model downloads, and a Chromium where there is one."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qa import Assistant

# Hugging Face reads these once, on import, which is before any fixture could set them.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"


class NetworkBlockedError(RuntimeError):
    """Not an OSError, so that code which forgives a failed connection does not hide it."""


def is_loopback(host: object) -> bool:
    try:
        return host in (None, "", "localhost") or ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let sockets reach this machine only: loopback addresses and Unix sockets."""

    def guard(call: Callable[..., object]) -> Callable[..., object]:
        def guarded(self: socket.socket, *args: object) -> object:
            address = args[-1]  # so it is for connect, connect_ex and sendto alike
            if isinstance(address, tuple) and not is_loopback(address[0]):
                raise NetworkBlockedError(f"a test tried to reach {address!r}")
            return call(self, *args)

        return guarded

    look_up: Callable[..., object] = socket.getaddrinfo

    def guarded_look_up(host: object, *args: object, **kwargs: object) -> object:
        if not is_loopback(host):
            raise NetworkBlockedError(f"a test tried to look up {host!r}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guard(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; the test is skipped where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no chromium, chromium-browser or google-chrome on PATH")


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder in which the tests of qa keep their index."""
    return tmp_path_factory.mktemp("qa-data")


@pytest.fixture(scope="session")
def real_assistant(data_folder: Path) -> "Assistant":
    """The assistant over the bundled reports, opened once for all tests."""
    from qa import Settings, open_assistant

    return open_assistant(Settings(data=data_folder))
