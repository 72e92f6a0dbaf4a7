"""Stand-ins for Jira Cloud and Linear: real servers on this machine that keep issues, take what the
makers' documentation says they take, refuse what it says they refuse, and fail as they are told.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.http_receiver import Answer, HttpReceiver, Request, Script

ACCOUNT, TOKEN = "corbel@builders.test", "a token of theirs"
API_KEY = "lin_api_of_a_test"
MISSING = {"errorMessages": ["Issue does not exist or you do not have permission to see it."]}


@dataclass
class Fault:
    """`lost`: what was asked for is done, and nobody hears of it."""

    of: str  # what the request begins with, such as "POST /rest/api/3/issue"
    script: Script
    lost: bool = False
    times: int = 1


class Standing(HttpReceiver):
    """Faults first, then what the server really does."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[str, dict[str, Any]] = {}
        self._faults: list[Fault] = []

    def fail(self, of: str, script: Script, *, lost: bool = False, times: int = 1) -> None:
        self._faults.append(Fault(of, script, lost, times))

    def mend(self) -> None:
        self._faults.clear()

    def take(self, request: Request) -> Script:
        super().take(request)
        fault = self._fault(request)
        if fault is None:
            return self.answer(request)
        if fault.lost:
            self.answer(request)
        return fault.script

    def _fault(self, request: Request) -> Fault | None:
        for fault in self._faults:
            if fault.times and self.named(request).startswith(fault.of):
                fault.times -= 1
                return fault
        return None

    def named(self, request: Request) -> str:
        return f"{request.method} {request.path}"

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def asked(self, of: str) -> list[Request]:
        return [request for request in self.requests if self.named(request).startswith(of)]


class StandInJira(Standing):
    """One project, ENG, with the types Task and Bug. The search finds nothing before `indexed`."""

    def __init__(self) -> None:
        super().__init__()
        self.token = TOKEN
        self.indexed = True

    def answer(self, request: Request) -> Answer:
        credentials = base64.b64encode(f"{ACCOUNT}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {credentials}":
            return Answer(401, "Client must be authenticated to access this resource.")
        place = request.path.partition("?")[0].removeprefix("/rest/api/3")
        match request.method, place.split("/")[1:]:
            case "GET", ["myself"]:
                return Answer(200, {"accountId": "5b10", "displayName": "Corbel Bot"})
            case "GET", ["project", "ENG"]:
                types = [{"id": "1", "name": "Task"}, {"id": "2", "name": "Bug"}]
                return Answer(200, {"key": "ENG", "name": "Engineering", "issueTypes": types})
            case "POST", ["search", "jql"]:
                return self._search(request.json())
            case "POST", ["issue"]:
                return self._create(request.json()["fields"])
            case "PUT", ["issue", key] if key in self.issues:
                return self._edit(self.issues[key], request.json()["fields"])
            case "GET", ["issue", key] if key in self.issues:
                issue = self.issues[key]
                status = {"status": {"name": issue["status"], "id": "10000"}}
                return Answer(200, {"id": key, "key": issue["key"], "fields": status})
        return Answer(404, MISSING)

    def _search(self, wanted: dict[str, Any]) -> Answer:
        said = re.fullmatch(r'project = "ENG" AND labels = "([\w-]+)"', wanted["jql"])
        assert said, wanted
        found = [
            {"id": key, "key": issue["key"], "fields": {}}
            for key, issue in self.issues.items()
            if said[1] in issue["labels"] and self.indexed
        ]
        return Answer(200, {"issues": found[: wanted["maxResults"]], "isLast": True})

    def _create(self, fields: dict[str, Any]) -> Answer:
        errors = _wrong(fields)
        if fields.get("project") != {"key": "ENG"}:
            errors["project"] = "valid project is required"
        if fields.get("issuetype") not in ({"name": "Task"}, {"name": "Bug"}):
            errors["issuetype"] = "Specify a valid issue type"
        if errors:
            return Answer(400, {"errorMessages": [], "errors": errors})
        key = str(10_000 + len(self.issues))
        name = f"ENG-{len(self.issues) + 1}"
        self.issues[key] = {"key": name, "status": "To Do", **fields}
        return Answer(201, {"id": key, "key": name, "self": f"{self.url}/rest/api/3/issue/{key}"})

    def _edit(self, issue: dict[str, Any], fields: dict[str, Any]) -> Answer:
        errors = _wrong(fields)
        if errors:
            return Answer(400, {"errorMessages": [], "errors": errors})
        issue.update(fields)
        return Answer(204)


def _wrong(fields: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if not fields.get("summary") or len(fields["summary"]) > 255 or "\n" in fields["summary"]:
        errors["summary"] = "Summary must be one line of at most 255 characters."
    if not _is_document(fields.get("description")):
        errors["description"] = "Operation value must be an Atlassian Document"
    return errors


def _is_document(node: Any) -> bool:
    """Of the kinds of nodes that we send, each with what it must have."""
    if not isinstance(node, dict) or (node.get("type"), node.get("version")) != ("doc", 1):
        return False
    return all(
        block["type"] in {"paragraph", "heading"}
        and (block["type"] != "heading" or 1 <= block["attrs"]["level"] <= 6)
        and all(text["type"] == "text" and text["text"] for text in block["content"])
        for block in node["content"]
    )


def text_of(document: dict[str, Any]) -> str:
    return "\n".join(
        "".join(text["text"] for text in block["content"]) for block in document["content"]
    )


@dataclass(frozen=True)
class Operation:
    name: str
    variables: dict[str, Any]


class StandInLinear(Standing):
    """One team, ENG. Names of requests are those of their operations: Look, Create, Update."""

    def __init__(self) -> None:
        super().__init__()
        self.key = API_KEY

    def named(self, request: Request) -> str:
        return _operation(request).name

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != self.key:
            return refusal("AUTHENTICATION_ERROR", "Authentication required", status=401)
        asked = _operation(request)
        does: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "Check": self._check,
            "Look": self._look,
            "Create": self._create,
            "Update": self._update,
        }
        return does[asked.name](asked.variables)

    def _teams(self, team: str) -> dict[str, Any]:
        return {"nodes": [{"id": "team-1", "name": "Engineering"}] if team == "ENG" else []}

    def _check(self, asked: dict[str, Any]) -> Answer:
        return _data(viewer={"name": "Corbel Bot"}, teams=self._teams(asked["team"]))

    def _look(self, asked: dict[str, Any]) -> Answer:
        there = [self._shown(asked["id"])] if asked["id"] in self.issues else []
        return _data(teams=self._teams(asked["team"]), issues={"nodes": there})

    def _create(self, asked: dict[str, Any]) -> Answer:
        new = asked["input"]
        if new["id"] in self.issues:
            return refusal("INPUT_ERROR", "An issue with this id exists already")
        if new["teamId"] != "team-1" or not new["title"]:
            return refusal("INPUT_ERROR", "Argument Validation Error")
        self.issues[new["id"]] = {"number": len(self.issues) + 1, "state": "Backlog", **new}
        return _data(issueCreate={"success": True, "issue": self._shown(new["id"])})

    def _update(self, asked: dict[str, Any]) -> Answer:
        if asked["id"] not in self.issues:
            return refusal("INPUT_ERROR", "Entity not found: Issue")
        self.issues[asked["id"]].update(asked["input"])
        return _data(issueUpdate={"success": True, "issue": self._shown(asked["id"])})

    def _shown(self, key: str) -> dict[str, Any]:
        issue = self.issues[key]
        name = f"ENG-{issue['number']}"
        url = f"https://linear.app/builders/issue/{name}"
        return {"id": key, "identifier": name, "url": url, "state": {"name": issue["state"]}}


def refusal(code: str, message: str, *, status: int = 400, **headers: str) -> Answer:
    """As GraphQL errors come from there."""
    error = {"message": message, "extensions": {"code": code, "userPresentableMessage": message}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"errors": [error], "data": None}, named)


def _data(**data: Any) -> Answer:
    return Answer(200, {"data": data})


def _operation(request: Request) -> Operation:
    asked = json.loads(request.body)
    said = re.match(r"(query|mutation) (\w+)", asked["query"])
    assert said, asked
    return Operation(said[2], asked["variables"])
