"""From a customer's words to category, severity and team, and from a team to one person.

Every answer carries the facts that led to it, so that a page can say why.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

READ_AT_MOST = 20_000  # characters; whoever pastes a log has said it before that
MODULE_WEIGHT = 2  # the page someone stands on counts as much as two of their words

Because = Literal["words", "module", "intent", "signal", "category", "default"]
About = Literal["category", "severity", "team", "signal"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to listen for, blind to case and accents. A closing * takes any ending."""

    folded: str
    words: int

    @classmethod
    def of(cls, written: str) -> "Phrase":
        """ValueError when nothing in it could ever be heard."""
        tokens = [_fold(token) for token in _WORD.findall(written)]
        if not tokens or not all(tokens):
            raise ValueError(f"{written!r} has no word to listen for")
        ending = "" if written.rstrip().endswith("*") else " "
        return cls(f" {' '.join(tokens)}{ending}", len(tokens))


@dataclass(frozen=True, slots=True)
class CategoryRule:
    key: str
    team: str
    modules: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class SeverityRule:
    key: str
    severity: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class SignalRule:
    """What calls for more than its category would: a lowest severity, a team, a shortcut."""

    key: str
    phrases: tuple[Phrase, ...]
    floor: str | None = None
    team: str | None = None
    escalate: bool = False


@dataclass(frozen=True, slots=True)
class IntentRule:
    key: str
    category: str | None = None
    severity: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """`severities` from the gravest to the mildest; of equals, the rule named first wins."""

    severities: tuple[str, ...]
    categories: tuple[CategoryRule, ...]
    default_category: str
    default_severity: str
    severity_rules: tuple[SeverityRule, ...] = ()
    signals: tuple[SignalRule, ...] = ()
    intents: tuple[IntentRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """`value` was suggested for `about` because of `because`; `words` are the customer's own.

    `rule` names the rule, the module, the intent, the signal or the category that spoke.
    """

    about: About
    value: str
    because: Because
    rule: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    category: str
    severity: str
    team: str
    signals: tuple[str, ...]
    escalate: bool
    reasons: tuple[Reason, ...]


def suggest(text: str, *, module: str | None, intent: str | None, rules: Rules) -> Suggestion:
    """Read at most the first READ_AT_MOST characters; unknown modules and intents say nothing."""
    heard = _Heard(text)
    chosen = next((rule for rule in rules.intents if rule.key == intent), None)
    signals = [(rule, words) for rule in rules.signals if (words := heard.which(rule.phrases))]
    category, why_category = _category(heard, module, chosen, rules)
    severity, why_severity = _severity(heard, chosen, [rule for rule, _ in signals], rules)
    team, why_team = _team(category, chosen, [rule for rule, _ in signals], rules)
    return Suggestion(
        category=category,
        severity=severity,
        team=team,
        signals=tuple(rule.key for rule, _ in signals),
        escalate=any(rule.escalate for rule, _ in signals),
        reasons=(
            why_category,
            why_severity,
            why_team,
            *(Reason("signal", rule.key, "words", rule.key, words) for rule, words in signals),
        ),
    )


def _category(
    heard: "_Heard", module: str | None, intent: IntentRule | None, rules: Rules
) -> tuple[str, Reason]:
    if intent and intent.category:
        return intent.category, Reason("category", intent.category, "intent", intent.key)
    scored = []
    for place, rule in enumerate(rules.categories):
        words, here = heard.which(rule.phrases), module in rule.modules
        scored.append((len(words) + MODULE_WEIGHT * here, -place, rule.key, here, words))
    score, _, best, here, words = max(scored, key=lambda entry: entry[:2])
    if not score:
        fallback = rules.default_category
        return fallback, Reason("category", fallback, "default")
    if here:
        return best, Reason("category", best, "module", module or "", words)
    return best, Reason("category", best, "words", best, words)


def _severity(
    heard: "_Heard", intent: IntentRule | None, signals: Sequence[SignalRule], rules: Rules
) -> tuple[str, Reason]:
    rank = rules.severities.index
    found = [
        (rank(rule.severity), Reason("severity", rule.severity, "words", rule.key, words))
        for rule in rules.severity_rules
        if (words := heard.which(rule.phrases))
    ]
    found += [
        (rank(rule.floor), Reason("severity", rule.floor, "signal", rule.key))
        for rule in signals
        if rule.floor
    ]
    if intent and intent.severity:
        by_intent = Reason("severity", intent.severity, "intent", intent.key)
        found.append((rank(intent.severity), by_intent))
    default = rules.default_severity
    reason = min(found, key=lambda pair: pair[0])[1] if found else None
    reason = reason or Reason("severity", default, "default")
    return reason.value, reason


def _team(
    category: str, intent: IntentRule | None, signals: Sequence[SignalRule], rules: Rules
) -> tuple[str, Reason]:
    for signal in signals:
        if signal.team:
            return signal.team, Reason("team", signal.team, "signal", signal.key)
    if intent and intent.team:
        return intent.team, Reason("team", intent.team, "intent", intent.key)
    team = next(rule.team for rule in rules.categories if rule.key == category)
    return team, Reason("team", team, "category", category)


_WORD = re.compile(r"\w+")


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


class _Heard:
    """A text as its words, once as written and once folded."""

    def __init__(self, text: str) -> None:
        pairs = [(word, _fold(word)) for word in _WORD.findall(text[:READ_AT_MOST])]
        self.written = [word for word, folded in pairs if folded]
        self.folded = f" {' '.join(folded for _, folded in pairs if folded)} "

    def which(self, phrases: Iterable[Phrase]) -> tuple[str, ...]:
        """The customer's own words that a phrase matched: one entry a phrase, none twice."""
        text = self.folded
        return tuple(dict.fromkeys(self._words(one) for one in phrases if one.folded in text))

    def _words(self, phrase: Phrase) -> str:
        position = self.folded.index(phrase.folded)
        first = self.folded.count(" ", 0, position)
        return " ".join(self.written[first : first + phrase.words])


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as assignment sees one. `specialities` are category and module keys."""

    agent_id: str
    name: str
    tier: int
    teams: frozenset[str] = frozenset()
    specialities: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    available: bool = True
    active: int = 0
    max_active: int = 20
    last_assigned_at: datetime | None = None

    @property
    def load(self) -> float:
        return self.active / self.max_active if self.max_active else 1.0


Merit = Literal["team", "speciality", "language", "tier", "load", "longest_since", "order"]
Obstacle = Literal["away", "full", "tier"]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Why someone was not taken: an obstacle, or the first merit in which the chosen led."""

    agent_id: str
    name: str
    because: Obstacle | Merit


@dataclass(frozen=True, slots=True)
class Choice:
    """`merits` are what speaks for the chosen; nobody (None) when no one can take it now."""

    agent_id: str | None
    name: str
    merits: tuple[Merit, ...]
    passed_over: tuple[PassedOver, ...]


def choose_agent(
    candidates: Sequence[Candidate],
    *,
    team: str,
    category: str,
    tier: int,
    language: str,
    module: str | None = None,
) -> Choice:
    """Who is here, below their limit and of a sufficient tier; then, in this order: the team,
    the speciality, the language, the nearest tier, the least share of load, the longest wait
    since the last assignment, and at last the id, so that the same question has one answer.
    """
    obstacles = {c.agent_id: _obstacle(c, tier) for c in candidates}
    able = [c for c in candidates if not obstacles[c.agent_id]]
    wanted = frozenset({category, module} - {None})
    scales = _scales(team, wanted, tier, language)
    ranked = sorted(able, key=lambda c: tuple(scale(c) for _, scale in scales))
    chosen = ranked[0] if ranked else None
    passed_over = tuple(
        PassedOver(c.agent_id, c.name, obstacles[c.agent_id] or _lost_by(chosen, c, scales))
        for c in candidates
        if c is not chosen
    )
    if chosen is None:
        return Choice(None, "", (), passed_over)
    return Choice(chosen.agent_id, chosen.name, _merits(chosen, scales, passed_over), passed_over)


_Scale = tuple[Merit, Callable[[Candidate], object]]
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _obstacle(candidate: Candidate, tier: int) -> Obstacle | None:
    if not candidate.available:
        return "away"
    if candidate.active >= candidate.max_active:
        return "full"
    return "tier" if candidate.tier < tier else None


def _scales(
    team: str, wanted: frozenset[str | None], tier: int, language: str
) -> tuple[_Scale, ...]:
    return (
        ("team", lambda c: team not in c.teams),
        ("speciality", lambda c: not (c.specialities & wanted)),
        ("language", lambda c: language not in c.languages),
        ("tier", lambda c: c.tier - tier),
        ("load", lambda c: c.load),
        ("longest_since", lambda c: c.last_assigned_at or _LONG_AGO),
        ("order", lambda c: c.agent_id),
    )


def _lost_by(
    chosen: Candidate | None, other: Candidate, scales: tuple[_Scale, ...]
) -> Obstacle | Merit:
    return next(
        (name for name, scale in scales if chosen and scale(chosen) != scale(other)), "order"
    )


def _merits(
    chosen: Candidate, scales: tuple[_Scale, ...], passed_over: Sequence[PassedOver]
) -> tuple[Merit, ...]:
    """What is true of the chosen by itself, and what tipped the scales against others."""
    tipped = {passed.because for passed in passed_over}
    alone = {"team", "speciality", "language", "tier"}
    return tuple(
        name for name, scale in scales if name in tipped or (name in alone and not scale(chosen))
    )
