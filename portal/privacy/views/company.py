"""Privacy of a company: who asked to be forgotten, and how long things are kept."""

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.privacy.forms import RulesForm, rules_form
from portal.privacy.models import RetentionRule
from portal.privacy.queries import erasures
from portal.privacy.queries.rules import rule_of
from portal.privacy.service import retention
from portal.privacy.service.retention import Changed, Choice
from portal.privacy.views import privacy


@privacy.get("/company/privacy")
@requires(Permission.MANAGE_PRIVACY)
def company() -> Response:
    rule = _rule()
    return _company_page(_form(rule), rule, 200)


@privacy.post("/company/privacy/rules/review")
@requires(Permission.MANAGE_PRIVACY)
def review() -> Response:
    """What would go: asked once more before anything is saved."""
    rule = _rule()
    form = _form(rule)
    if not form.validate():
        return _company_page(form, rule, 422)
    choice, actor = form.choice(), the_actor()
    concerned = retention.concerned(db(), actor.builder_id, choice, at=utcnow())
    return page("privacy/rules.html", form=form, choice=choice, concerned=concerned)


@privacy.post("/company/privacy/rules")
@requires(Permission.MANAGE_PRIVACY)
def save_rules() -> Response:
    rule = _rule()
    form = _form(rule)
    if not form.validate():
        return _company_page(form, rule, 422)
    try:
        retention.save(db(), form.choice(), form.version.data or 0, by=the_actor(), at=utcnow())
    except Changed:
        form.version.data = rule.version if rule is not None else 0
        form.version.raw_data = None
        form.tickets_months.errors = [
            _("Somebody else has saved other rules meanwhile. Look at them, then save again.")
        ]
        return _company_page(form, rule, 409)
    flash(_("Saved."))
    return see_other(url_for("privacy.company"))


def _rule() -> RetentionRule | None:
    return rule_of(db(), the_actor().builder_id)


def _form(rule: RetentionRule | None) -> RulesForm:
    return rules_form(retention.choice_of(rule), rule.version if rule is not None else 0)


def _company_page(form: RulesForm, rule: RetentionRule | None, status: int) -> Response:
    actor = the_actor()
    choice: Choice = retention.choice_of(rule)
    return page(
        "privacy/company.html",
        status=status,
        form=form,
        fates=[{"value": key, "label": label} for key, label in form.tickets_fate.choices],
        rule=rule,
        choice=choice,
        concerned=retention.concerned(db(), actor.builder_id, choice, at=utcnow()),
        erasures=erasures.of_company(db(), actor),
    )
