"""Serving: start the chat page on this machine, on a free port."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec

from qa.settings import Settings, write_environment

ADDRESS = "127.0.0.1"
_PORTS_TRIED = 100


class ServeError(Exception):
    """The page cannot be started."""


def serve(settings: Settings, port: int, say: Callable[[str], None]) -> int:
    """Start the page and wait until it ends; gives its exit status.

    :raises ServeError: If no port is free or the page is not installed.
    """
    page = find_spec("app")
    if page is None or page.origin is None:
        raise ServeError("app.py is missing: install the project again (pip install -e .)")
    free = free_port(port)
    if free != port:
        say(f"Port {port} is taken; using {free}.")
    say(f"Wenshu is at http://{ADDRESS}:{free} (Ctrl+C ends it).")
    command = [sys.executable, "-m", "streamlit", "run", page.origin]
    command += [f"--server.address={ADDRESS}", f"--server.port={free}"]
    command += ["--browser.gatherUsageStats=false", "--server.showEmailPrompt=false"]
    command += ["--server.fileWatcherType=none", "--client.toolbarMode=minimal"]
    environment = {**os.environ, **write_environment(settings)}
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait()


def free_port(port: int) -> int:
    """Give the first free port from this one on.

    :raises ServeError: If there is none among the next hundred.
    """
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, candidate))
            except OSError:
                continue
            return candidate
    raise ServeError(f"no free port from {port} on: name another with --port")
