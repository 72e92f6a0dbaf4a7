"""Linear, by its GraphQL API: teams, issues, issueCreate and issueUpdate, viewer.

Whoever creates an issue may choose its id (IssueCreateInput: a UUID, version 4): ours is the
card's marker, so that a repeated try finds what the first one made. Errors come in `errors` with a
code, mostly with status 400; of too many requests the code is RATELIMITED, and
`X-RateLimit-Requests-Reset` says when there may be more, in milliseconds since 1970 ("Rate
limiting").
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from portal.backlog.trackers.cards import Brought, Card, Checked, Outcome, Refused, RetryLater
from portal.backlog.trackers.exchange import LONGEST_PAUSE, Stopped, heard, part, spoken, talk
from portal.foundation.clock import utcnow

if TYPE_CHECKING:
    from requests import Response, Session

PERSONAL: Final = "lin_api_"  # how keys of persons begin, which are sent bare
TITLE_LIMIT: Final = 255  # characters
_ISSUE: Final = "{ id identifier url state { name } }"
_LOOK: Final = f"""query Look($team: String!, $id: ID!) {{
  teams(filter: {{ key: {{ eq: $team }} }}, first: 1) {{ nodes {{ id name }} }}
  issues(filter: {{ id: {{ eq: $id }} }}, first: 1) {{ nodes {_ISSUE} }}
}}"""
_CREATE: Final = f"""mutation Create($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ success issue {_ISSUE} }}
}}"""
_UPDATE: Final = f"""mutation Update($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ success issue {_ISSUE} }}
}}"""
_CHECK: Final = """query Check($team: String!) {
  viewer { name }
  teams(filter: { key: { eq: $team } }, first: 1) { nodes { id name } }
}"""


class Linear:
    def __init__(self, endpoint: str, token: str, team: str, *, loopback: bool = False) -> None:
        self._endpoint = endpoint
        self._authorization = token if token.startswith(PERSONAL) else f"Bearer {token}"
        self._team = team
        self._loopback = loopback

    def bring(self, card: Card) -> Outcome:
        return talk(lambda session: self._bring(session, card), loopback=self._loopback)

    def check(self) -> Checked | RetryLater | Refused:
        return talk(self._check, loopback=self._loopback)

    def _check(self, session: "Session") -> Checked:
        found = self._ask(session, _CHECK, team=self._team)
        return Checked(part(found, "viewer", "name"), part(self._the_team(found), "name"))

    def _bring(self, session: "Session", card: Card) -> Brought:
        wanted = card.known or str(card.marker)
        found = self._ask(session, _LOOK, team=self._team, id=wanted)
        there = _nodes(found, "issues")
        words = {"title": card.title[:TITLE_LIMIT], "description": _markdown(card)}
        if there:
            changed = self._ask(session, _UPDATE, id=wanted, input=words)
            return _issue(changed, "issueUpdate")
        if card.known:
            raise Stopped(Refused("gone"))
        new = {**words, "id": wanted, "teamId": part(self._the_team(found), "id")}
        return _issue(self._ask(session, _CREATE, input=new), "issueCreate")

    def _the_team(self, found: dict[str, Any]) -> dict[str, Any]:
        teams = _nodes(found, "teams")
        if not teams:
            raise Stopped(Refused("project"))
        return teams[0]

    def _ask(self, session: "Session", query: str, **variables: Any) -> dict[str, Any]:
        answer = session.post(
            self._endpoint,
            json={"query": query, "variables": variables},
            headers={"Authorization": self._authorization},
        )
        if answer.status_code in {200, 400}:
            _refuse_errors(answer)
        said = heard(answer, missing="address").get("data")
        if not isinstance(said, dict):
            raise Stopped(Refused("answer", answer.text[:200]))
        return said


def _refuse_errors(answer: "Response") -> None:
    """Raises Stopped for an answer that names any."""
    errors = spoken(answer).get("errors")
    if not errors:
        return
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    said = str(first.get("message", ""))[:500]
    extensions = first.get("extensions")
    match extensions.get("code") if isinstance(extensions, dict) else "":
        case "RATELIMITED":
            raise Stopped(RetryLater("too_many", _until_reset(answer), said))
        case "AUTHENTICATION_ERROR":
            raise Stopped(Refused("token", said))
        case "FORBIDDEN":
            raise Stopped(Refused("forbidden", said))
        case "INTERNAL_SERVER_ERROR":
            raise Stopped(RetryLater("server_error", detail=said))
    raise Stopped(Refused("input", said))


def _until_reset(answer: "Response") -> timedelta | None:
    moment = answer.headers.get("X-RateLimit-Requests-Reset", "").strip()
    if not moment.isascii() or not moment.isdigit() or len(moment) > 14:
        return None
    wait = datetime.fromtimestamp(int(moment) / 1000, UTC) - utcnow()
    return min(max(wait, timedelta(seconds=1)), LONGEST_PAUSE)


def _nodes(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    nodes = found[name].get("nodes") if isinstance(found.get(name), dict) else None
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise Stopped(Refused("answer", f"no {name} in the answer"))
    return nodes


def _issue(found: dict[str, Any], name: str) -> Brought:
    issue = found[name].get("issue") if isinstance(found.get(name), dict) else None
    return Brought(
        part(issue, "id"),
        part(issue, "identifier"),
        part(issue, "url"),
        part(issue, "state", "name"),
    )


def _markdown(card: Card) -> str:
    parts = [f"### {heading}\n\n{text}" if heading else text for heading, text in card.parts]
    return "\n\n".join([*parts, card.link])
