"""`corbel up`: the whole system on one machine, under one supervisor."""

import os
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from portal.config import Settings
from portal.ops import datadir, valkey
from portal.ops.supervisor import Child, Stopped, Supervisor

BACKLOG = 512
PATIENCE = 10.0  # seconds to stop in: long, for a busy machine; a second Ctrl-C waits for nobody
# even at its lowest level of chatter; the first is about snapshots, which we don't take
VALKEY_SAYS_ALWAYS = ("Memory overcommit", "scheduling shutdown", "ready to exit, bye")


class UpError(RuntimeError):
    """The system can't start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        host, colon, port = text.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535:
            raise UpError(f"--bind {text!r} is not HOST:PORT, for example 127.0.0.1:8000")
        return cls(host.strip("[]") or "0.0.0.0", int(port))  # noqa: S104  what `:8000` means

    @property
    def url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def run(bind: str) -> int:
    """Serve until a signal; returns the exit code. Settings come from the environment."""
    settings = Settings.from_env()
    wanted = Address.parse(bind)
    datadir.prepare(settings.data)
    lock = datadir.lock(settings.data)
    with listen(wanted) as door, ExitStack() as doors:
        address = Address(*door.getsockname()[:2])
        host = doors.enter_context(_beside(address)) if settings.demo else None
        environment = _environment(settings, address, door) | _of_host(host)
        opened = [lock, door.fileno(), *([host.fileno()] if host else [])]
        supervisor = Supervisor(environment, opened, say)
        try:
            return _serve(supervisor, settings, address, host)
        except Stopped:
            say("corbel", "stopping; nothing is lost")
            return 0
        finally:
            supervisor.stop()


def listen(address: Address) -> socket.socket:
    """Bound here and handed to the web server: while that restarts, callers wait in line."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((address.host, address.port))
        door.listen(BACKLOG)
    except OSError as error:
        door.close()
        raise UpError(
            f"can't serve on {address.host}:{address.port}: {error.strerror}; choose another "
            "with --bind HOST:PORT (make run PORT=8001)"
        ) from error
    return door


def _beside(address: Address) -> socket.socket:
    """For the demo's host application: the next port, or another where that is taken."""
    try:
        return listen(Address(address.host, address.port + 1))
    except (UpError, OverflowError):
        return listen(Address(address.host, 0))


def _of_host(door: socket.socket | None) -> dict[str, str]:
    """Where it is found; by the first name it is a site of its own to browsers."""
    if door is None:
        return {}
    host, port = door.getsockname()[:2]
    names = dict.fromkeys(("localhost", Address(host, port).url.rpartition(":")[0][7:]))
    origins = " ".join(f"http://{name}:{port}" for name in names)
    return {"CORBEL_HOST_FD": str(door.fileno()), "CORBEL_HOST_ORIGINS": origins}


def _environment(settings: Settings, address: Address, door: socket.socket) -> dict[str, str]:
    ours = {
        "CORBEL_DATA": str(settings.data),
        "CORBEL_LISTEN_FD": str(door.fileno()),
        "PYTHONUNBUFFERED": "1",
    }
    # glibc would give every thread of the web server a heap of its own; they take turns anyway
    unless_set = {"CORBEL_BASE_URL": address.url, "MALLOC_ARENA_MAX": "1"}
    if settings.demo:  # browsers know that what ends in localhost is this machine
        unless_set |= {
            "CORBEL_PORTAL_DOMAIN": "localhost",
            "CORBEL_PORTAL_MAIL_FROM": "support@homes.test",
        }
    return unless_set | dict(os.environ) | ours


def _serve(
    supervisor: Supervisor, settings: Settings, address: Address, host: socket.socket | None
) -> int:
    """Returns only when the start fails: the exit code of its first step."""
    if settings.embedded_redis:
        _start_valkey(supervisor, settings)
    code = supervisor.run_once(_corbel("setup", "prepare"))
    return code or _serve_on(supervisor, settings, address, host)


def _serve_on(
    supervisor: Supervisor, settings: Settings, address: Address, host: socket.socket | None
) -> NoReturn:
    supervisor.keep(_corbel("clock", "clock"))
    supervisor.keep(_corbel("worker", "worker"))
    web = _corbel("web", "web")
    web.orphaned = signal.SIGQUIT  # gunicorn's word for "at once"
    supervisor.keep(web)
    if host is not None:
        supervisor.keep_once_called(_corbel("host", "host"), host)
    supervisor.wait_for(lambda: answers(address))
    for line in banner(settings, address, host.getsockname()[1] if host else 0):
        say("corbel", line)
    supervisor.run()


def _start_valkey(supervisor: Supervisor, settings: Settings) -> None:
    at = Path(settings.redis_url.removeprefix("unix://"))
    datadir.prepare_socket_folder(at.parent)
    supervisor.keep(Child("valkey", valkey.command(settings.data, at), PATIENCE))
    if not supervisor.wait_for(lambda: valkey.answers(at), 10.0):
        # a doorbell: the clock does the work itself until it rings again
        say("corbel", "the embedded Valkey doesn't answer yet; starting without it")


def _corbel(name: str, command: str) -> Child:
    return Child(name, [sys.executable, "-m", "portal", command], PATIENCE)


def answers(address: Address) -> bool:
    """Whether the web server answers at all; 0.3 s is little, for the supervisor waits too."""
    try:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        with socket.socket(family) as client:
            client.settimeout(0.3)
            client.connect((address.host, address.port))
            host = address.url.removeprefix("http://")
            client.sendall(f"GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return client.recv(12).startswith(b"HTTP/")
    except OSError:
        return False


def banner(settings: Settings, address: Address, host_port: int = 0) -> list[str]:
    lines = [f"Corbel serves on {address.url}"]
    if host_port:
        lines.append(f"  demo host       http://localhost:{host_port} has the help widget on it")
    if settings.demo:
        lines.append(f"  demo accounts   {address.url}/sign-in lists them; one click each")
    redis = "embedded Valkey" if settings.embedded_redis else "your own Redis"
    database = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    lines.append(f"  data            {settings.data} ({database}, {redis})")
    lines.append("  stop            Ctrl-C")
    return lines


def say(who: str, line: str) -> None:
    if any(words in line for words in VALKEY_SAYS_ALWAYS):
        return
    sys.stdout.write(f"{who:<7}| {line}\n")
    sys.stdout.flush()
