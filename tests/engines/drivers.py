"""Two browsers behind the same four words: go, ask, step into a frame, end."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Protocol

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver's name of an element's id


class Driver(Protocol):
    name: str

    def go(self, url: str) -> None: ...
    def ask(self, script: str, *arguments: Any) -> Any: ...
    def step_into(self, element: Any) -> None: ...
    def end(self) -> None: ...


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Firefox:
    """By its own protocol, Marionette: a length, a colon, and JSON."""

    name = "Firefox"

    def __init__(self) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if program is None:
            raise LookupError("no Firefox here: apt-get install firefox-esr")
        self.folder, port = tempfile.mkdtemp(prefix="corbel-firefox-"), free_port()
        settings = {
            "marionette.port": port,
            "network.cookie.cookieBehavior": 1,  # none for frames of others
        }
        lines = [f'user_pref("{name}", {value});' for name, value in settings.items()]
        (Path(self.folder) / "user.js").write_text("\n".join(lines))
        command = [program, "-marionette", "-headless", "-no-remote", "-profile", self.folder]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.folder},
        )
        self.door = _reached(port)
        self.buffer, self.number = b"", 0
        self._heard()
        self._call("WebDriver:NewSession", {})

    def go(self, url: str) -> None:
        self._call("WebDriver:Navigate", {"url": url})

    def ask(self, script: str, *arguments: Any) -> Any:
        body = {"script": script, "args": list(arguments), "scriptTimeout": 30000}
        return self._call("WebDriver:ExecuteAsyncScript", body)["value"]

    def step_into(self, element: Any) -> None:
        self._call("WebDriver:SwitchToFrame", {"element": element[ELEMENT]})

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, command: str, body: dict[str, Any]) -> Any:
        self.number += 1
        text = json.dumps([0, self.number, command, body]).encode()
        self.door.sendall(str(len(text)).encode() + b":" + text)
        _kind, _number, error, value = self._heard()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return value

    def _heard(self) -> Any:
        while b":" not in self.buffer:
            self.buffer += self.door.recv(65536)
        length, _colon, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self.buffer += self.door.recv(65536)
        text, self.buffer = self.buffer[: int(length)], self.buffer[int(length) :]
        return json.loads(text)


class WebKit:
    """By WebDriver over HTTP, to WebKitGTK's own driver."""

    name = "WebKit"

    def __init__(self) -> None:
        program = shutil.which("WebKitWebDriver")
        if program is None:
            raise LookupError("no WebKit here: apt-get install webkit2gtk-driver xvfb")
        self.port = free_port()
        wrap = [] if os.environ.get("DISPLAY") else ["xvfb-run", "-a"]
        self.process = subprocess.Popen(
            [*wrap, program, f"--port={self.port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"},
            start_new_session=True,
        )
        _reached(self.port).close()
        wanted = {"capabilities": {"alwaysMatch": {"timeouts": {"script": 30000}}}}
        self.session = self._call("POST", "/session", wanted)["sessionId"]

    def go(self, url: str) -> None:
        self._say("url", {"url": url})

    def ask(self, script: str, *arguments: Any) -> Any:
        return self._say("execute/async", {"script": script, "args": list(arguments)})

    def step_into(self, element: Any) -> None:
        self._say("frame", {"id": element})

    def end(self) -> None:
        try:
            self._call("DELETE", f"/session/{self.session}", None)
        finally:
            os.killpg(self.process.pid, 15)
            self.process.wait(20)

    def _say(self, what: str, body: Any) -> Any:
        return self._call("POST", f"/session/{self.session}/{what}", body)

    def _call(self, method: str, path: str, body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data,
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from None


def _reached(port: int) -> socket.socket:
    for _try in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), 60)
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {port}")
