"""A supervisor with small children, run as a process of its own so that it can be killed.

argv: JSON list of {"name", "code", "patience", "called"}; delays between restarts are made short.
Who is to be called first has a door, whose port is told.
"""

import json
import os
import socket
import sys

from portal.ops import supervisor
from portal.ops.supervisor import Child, Stopped, Supervisor

supervisor.DELAYS = (0.05, 0.05, 0.05, 0.05)
supervisor.DELAY_AFTER_MANY = 0.3


def say(who: str, line: str) -> None:
    sys.stdout.write(f"{who}| {line}\n")
    sys.stdout.flush()


family = Supervisor(os.environ, [], say)
for member in json.loads(sys.argv[1]):
    command = [sys.executable, "-u", "-c", member["code"]]
    child = Child(member["name"], command, patience=member.get("patience", 3.0))
    if member.get("called"):
        door = socket.create_server(("127.0.0.1", 0))
        say(child.name, f"door {door.getsockname()[1]}")
        family.keep_once_called(child, door)
    else:
        family.keep(child)
say("family", "complete")
try:
    family.run()
except Stopped:
    family.stop()
say("family", "gone")
