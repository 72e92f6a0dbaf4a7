"""Jira Cloud, by its REST API, version 3: create, edit and get issue, search by JQL, get myself,
get project. Texts are in the Atlassian Document Format. A token is an account's, sent as the
password of basic authentication.

Jira does not know a repeated request again, so that each issue bears a label of ours: where we have
heard of none, it is looked for first. The search is some seconds behind, rarely more ("Search and
reconcile"), so that a try whose answer never came is repeated a minute later.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from portal.backlog.trackers.cards import Brought, Card, Checked, Outcome, Refused, RetryLater
from portal.backlog.trackers.exchange import Stopped, heard, part, talk
from portal.foundation.markup import plain

if TYPE_CHECKING:
    from requests import Session

SUMMARY_LIMIT: Final = 255  # characters
TEXT_LIMIT: Final = 32_000  # characters; Jira takes 32,767 of a text
API: Final = "/rest/api/3"
FOUND_WITHIN: Final = timedelta(minutes=1)
STAGE_SECONDS: Final = 6.0  # for what can be done without


@dataclass(frozen=True, slots=True)
class _Made:
    external_id: str
    key: str = ""  # unknown of what was there before


class Jira:
    def __init__(
        self,
        site: str,
        account: str,
        token: str,
        project: str,
        issue_type: str,
        *,
        loopback: bool = False,
    ) -> None:
        self._site = site.rstrip("/")
        self._auth = (account, token)
        self._project = project
        self._issue_type = issue_type
        self._loopback = loopback

    def bring(self, card: Card) -> Outcome:
        made = talk(lambda session: self._brought(session, card), loopback=self._loopback)
        if isinstance(made, RetryLater) and not card.known:
            return replace(made, after=made.after or FOUND_WITHIN)
        if not isinstance(made, _Made):
            return made
        return self._shown(made)

    def check(self) -> Checked | RetryLater | Refused:
        return talk(self._check, loopback=self._loopback)

    def _check(self, session: "Session") -> Checked:
        me = self._ask(session, "GET", "/myself", missing="address")
        project = self._ask(session, "GET", f"/project/{self._project}", missing="project")
        kinds = [kind for kind in project.get("issueTypes", ()) if isinstance(kind, dict)]
        if self._issue_type not in {kind.get("name") for kind in kinds}:
            names = ", ".join(str(kind.get("name")) for kind in kinds)
            raise Stopped(Refused("issue_type", names))
        return Checked(part(me, "displayName"), part(project, "name"))

    def _brought(self, session: "Session", card: Card) -> _Made:
        external_id = card.known or self._found(session, card)
        if not external_id:
            return self._made(session, card)
        fields = {"fields": _fields(card)}
        self._ask(session, "PUT", f"/issue/{external_id}", fields, missing="gone")
        return _Made(external_id)

    def _shown(self, made: _Made) -> Outcome:
        """With its status; an issue that is there is brought, whether that can be read or not."""
        read = talk(
            lambda session: self._read(session, made.external_id),
            loopback=self._loopback,
            seconds=STAGE_SECONDS,
        )
        key, stage = read if isinstance(read, tuple) else (made.key, "")
        if not key:
            return read if isinstance(read, RetryLater | Refused) else Refused("answer")
        return Brought(made.external_id, key, f"{self._site}/browse/{key}", stage)

    def _read(self, session: "Session", external_id: str) -> tuple[str, str]:
        wanted = f"/issue/{external_id}?fields=status"
        issue = self._ask(session, "GET", wanted, missing="gone")
        return part(issue, "key"), part(issue, "fields", "status", "name")

    def _found(self, session: "Session", card: Card) -> str:
        """One that was made by a try whose answer never came; empty where there is none."""
        jql = f'project = "{self._project}" AND labels = "{_label(card)}"'
        wanted = {"jql": jql, "maxResults": 1, "fields": ["status"]}
        found = self._ask(session, "POST", "/search/jql", wanted, missing="project")
        issues = found.get("issues")
        return part(issues[0], "id") if isinstance(issues, list) and issues else ""

    def _made(self, session: "Session", card: Card) -> _Made:
        fields = {
            **_fields(card),
            "project": {"key": self._project},
            "issuetype": {"name": self._issue_type},
            "labels": [_label(card)],
        }
        made = self._ask(session, "POST", "/issue", {"fields": fields}, missing="project")
        return _Made(part(made, "id"), part(made, "key"))

    def _ask(
        self,
        session: "Session",
        method: str,
        place: str,
        body: dict[str, Any] | None = None,
        *,
        missing: str,
    ) -> dict[str, Any]:
        answer = session.request(method, self._site + API + place, json=body, auth=self._auth)
        return heard(answer, missing=missing)


def _label(card: Card) -> str:
    return f"corbel-{card.marker.hex}"


def _fields(card: Card) -> dict[str, Any]:
    return {"summary": card.title[:SUMMARY_LIMIT], "description": _document(card)}


def _document(card: Card) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    left = TEXT_LIMIT
    for heading, markdown in card.parts:
        if heading:
            content.append({"type": "heading", "attrs": {"level": 3}, "content": [_text(heading)]})
        text = plain(markdown)[:left]
        left -= len(text)
        content += [_paragraph(line) for line in text.splitlines() if line.strip()]
    mark = {"type": "link", "attrs": {"href": card.link}}
    content.append({"type": "paragraph", "content": [_text(card.link, mark)]})
    return {"type": "doc", "version": 1, "content": content}


def _paragraph(line: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [_text(line)]}


def _text(text: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}
