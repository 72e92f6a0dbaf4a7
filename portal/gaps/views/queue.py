"""What readers missed, the heaviest first, and what an editor does about each."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import LANGUAGES
from portal.core.gaps import plan_weights, weight_of
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.gaps import service
from portal.gaps.forms import SettlingForm
from portal.gaps.models import KINDS, Settled
from portal.gaps.queries import trouble as queries
from portal.gaps.queries.trouble import Trouble
from portal.gaps.views import gaps
from portal.gaps.wording import FATES, KIND_MEANINGS, KIND_NAMES, REASONS, SURFACES
from portal.kb.addresses import draft_path
from portal.policy.modules import module_name as named
from portal.policy.running import running_pack

PERIODS = (7, 30, 90, 365)
USUAL_PERIOD = 30
MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A trouble as the queue shows it: `plans` are (name, people)."""

    trouble: Trouble
    weight: int
    plans: list[tuple[str, int]]

    @property
    def address(self) -> dict[str, str]:
        return {"kind": self.trouble.kind, "key": self.trouble.key}


@gaps.get("")
@requires(Permission.WRITE_ARTICLES)
def queue() -> Response:
    return _queue(_asked_kind())


def _queue(kind: str) -> Response:
    days, aside = asked_days(), request.args.get("state") == "aside"
    since = utcnow() - timedelta(days=days)
    kinds = [kind] if kind else KINDS
    found = [one for each in kinds for one in queries.troubles(db(), each, since)]
    rows = [_row(one) for one in found if service.is_open(one) is not aside]
    rows.sort(key=lambda row: (-row.weight, -row.trouble.times, row.trouble.key))
    return page(
        "gaps/queue.html",
        blocks=("list",),
        rows=rows[:MOST],
        hidden=max(0, len(rows) - MOST),
        kind=kind,
        aside=aside,
        just=_just_settled(),
        weights=_weights(),
        **words(days),
    )


@gaps.get("/<kind>")
@requires(Permission.WRITE_ARTICLES)
def gap(kind: str) -> Response:
    """One of a kind; without its key, all of them."""
    if not request.args.get("key"):
        return _queue(_known(kind))
    days, found = asked_days(), _found(kind)
    return _gap_page(found, days, SettlingForm(formdata=None))


@gaps.post("/<kind>/settlement", endpoint="settle")
@requires(Permission.WRITE_ARTICLES)
def settle(kind: str) -> Response:
    found, form = _found(kind), SettlingForm()
    if not form.validate():
        return _gap_page(found, asked_days(), form, 422)
    try:
        service.settle(db(), found, form.fate.data, form.reason.data, by=the_actor(), at=utcnow())
    except service.SettledAlready:
        flash(_("Somebody else has set it aside meanwhile."), "info")
        return see_other(url_for("gaps.queue", days=asked_days()))
    return see_other(url_for("gaps.queue", just=kind, key=found.key, days=asked_days()))


@gaps.post("/<kind>/reopening", endpoint="reopen")
@requires(Permission.WRITE_ARTICLES)
def reopen(kind: str) -> Response:
    _known(kind)
    service.reopen(db(), kind, request.form.get("key", ""), by=the_actor())
    flash(_("It is in the list again."))
    return see_other(url_for("gaps.queue", days=asked_days()))


@gaps.post("/<kind>/article", endpoint="write")
@requires(Permission.WRITE_ARTICLES)
def write(kind: str) -> Response:
    found = _found(kind)
    draft = service.begin(db(), found, _title(found), language(), by=the_actor(), at=utcnow())
    flash(_("A draft, begun with what readers looked for. Nobody sees it before it is published."))
    return see_other(draft_path(draft.article_id))


def _title(found: Trouble) -> str:
    """To be written over: what they looked for, or where they stood."""
    if found.kind == "no_help":
        return _("Help on the page %(page)s", page=found.name) if found.name else ""
    return found.name[:1].upper() + found.name[1:]


def asked_days() -> int:
    try:
        days = int(request.values.get("days", USUAL_PERIOD))
    except ValueError:
        return USUAL_PERIOD
    return days if days in PERIODS else USUAL_PERIOD


def words(days: int) -> dict[str, Any]:
    """What all pages of this room say."""
    return {
        "days": days,
        "periods": PERIODS,
        "names": dict(LANGUAGES),
        "kinds": KIND_NAMES,
        "meanings": KIND_MEANINGS,
        "reasons": REASONS,
        "surfaces": SURFACES,
        "fates": FATES,
        "plan_name": plan_name,
        "module_name": partial(named, running_pack(), language=language()),
        "edit_path": draft_path,
    }


def plan_name(key: str) -> str:
    """As the running support model calls it."""
    if not key:
        return _("no plan known")
    return running_pack().nearest_plan(key).name.to(language())


def _weights() -> list[tuple[str, int]]:
    weights = plan_weights(running_pack().plans)
    return [(plan_name(key), weight) for key, weight in weights.items()]


def _row(trouble: Trouble) -> Row:
    pack = running_pack()
    people: dict[str, int] = {}
    for plan, number in trouble.plans.items():
        key = pack.nearest_plan(plan).key if plan else ""
        people[key] = people.get(key, 0) + number
    order = ["", *pack.plans]
    plans = sorted(people.items(), key=lambda one: -order.index(one[0]))
    weight = weight_of(people, plan_weights(pack.plans))
    return Row(trouble, weight, [(plan_name(key), number) for key, number in plans])


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound
    return kind


def _asked_kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in KINDS else ""


def _found(kind: str) -> Trouble:
    """Of the period that is asked for. Raises NotFound."""
    key = request.values.get("key", "")
    since = utcnow() - timedelta(days=asked_days())
    found = queries.trouble(db(), _known(kind), key, since)
    if found is None:
        raise NotFound
    return found


def _just_settled() -> Settled | None:
    """What the reader has set aside a moment ago, to be taken back."""
    kind, key = request.args.get("just", ""), request.args.get("key", "")
    return queries.settled(db(), kind, key) if kind in KINDS else None


def _gap_page(found: Trouble, days: int, form: SettlingForm, status: int = 200) -> Response:
    since = utcnow() - timedelta(days=days)
    rows = queries.examples(db(), found.kind, found.key, since)
    return page(
        "gaps/gap.html",
        status=status,
        row=_row(found),
        examples=rows,
        tickets=queries.tickets_of(db(), rows) if found.kind == "asked_after" else {},
        open=service.is_open(found),
        form=form,
        **words(days),
    )
