"""What the builders of the demo wish for, in all its stages: who wants it and why, what was said
of it, and what we decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.models import FeatureRequest, Status
from portal.ideas.service import commenting, merging, statuses, submitting, voting
from portal.ideas.service.statuses import Decision
from portal.ideas.service.submitting import Words

LEAD: Final = "lead@corbel.test"
OLIVE, PAUL, FELIPE = "owner@acme.test", "pm@acme.test", "field@acme.test"
BO, CEDRIC, ANA = "owner@birch.test", "owner@cedar.test", "agent1@corbel.test"


@dataclass(frozen=True, slots=True)
class Said:
    """`who` votes with these words as the reason, or comments; so many days ago."""

    who: str
    days: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    status: Status
    days: float
    note: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    title: str
    who: str
    days: float
    module: str
    text: str
    use_case: str = ""
    reason: str = ""
    language: str = "en"
    votes: tuple[Said, ...] = ()
    comments: tuple[Said, ...] = ()
    decided: tuple[Decided, ...] = ()
    same_as: str = ""  # the title of the one that it is merged into
    is_internal: bool = False


WISHES: Final = (
    Wish(
        "Attach photos to daily logs from the phone",
        PAUL,
        41,
        "scheduling",
        "Our foremen take photos all day. To get them into the daily log they mail them to the "
        "office, where somebody uploads them in the evening.\n\n- take a photo within the log\n"
        "- several at once\n- with the time and the place that the phone knows",
        "Disputes about when the slab was poured. Last year a photo with its date would have saved "
        "us two weeks.",
        "Four sites, three foremen each: about an hour of office work a day.",
        votes=(
            Said(BO, 38, "We do the same with a messenger now, and lose half of them."),
            Said(CEDRIC, 21, "Our insurer asks for dated photos."),
        ),
        comments=(
            Said(BO, 37, "With **voice notes** it would be perfect."),
            Said(ANA, 36, "How many photos a day would that be for you, roughly?"),
            Said(PAUL, 36, "Twenty to thirty a site."),
        ),
        decided=(
            Decided(Status.UNDER_REVIEW, 30),
            Decided(Status.PLANNED, 16, "Photos first; voice notes are looked at apart from it."),
            Decided(Status.IN_PROGRESS, 4, "The first builders try it in December."),
        ),
    ),
    Wish(
        "Weather days move the schedule by themselves",
        CEDRIC,
        34,
        "scheduling",
        "When it rains, outdoor tasks slip. We move forty of them by hand, with what depends on "
        "them. Let me say which tasks need dry weather, and offer the move in the morning.",
        "Superintendents decide at six in the morning, in the truck.",
        "Sixty rain days a year in the Northwest.",
        votes=(Said(OLIVE, 29, "Concrete crews stand around while we re-plan."), Said(BO, 9)),
        comments=(
            Said(OLIVE, 29, "Please *offer* it. Never move anything without asking."),
            Said(CEDRIC, 28, "Agreed: one button that says what would move."),
        ),
        decided=(Decided(Status.UNDER_REVIEW, 20), Decided(Status.PLANNED, 6, "Next quarter.")),
    ),
    Wish(
        "Lien waivers with each progress payment",
        OLIVE,
        27,
        "invoicing",
        "Subcontractors sign a conditional waiver before they are paid and an unconditional one "
        "afterwards. We track who has signed in a spreadsheet. Ask for the signature with the "
        "payment, and hold the payment back until it is there.",
        "Every month, some thirty subcontractors.",
        "Our lender refuses a draw when one waiver is missing.",
        votes=(Said(CEDRIC, 25, "The forms differ by state; templates would do."),),
        comments=(Said(CEDRIC, 25, "California has four forms by statute. We can send them."),),
        decided=(Decided(Status.UNDER_REVIEW, 11, "We are talking with three builders about it."),),
    ),
    Wish(
        "Copy a budget from an earlier project",
        BO,
        52,
        "estimating",
        "Most of our houses are variations of five plans. Let me begin an estimate with the budget "
        "of an earlier house, and with today's prices.",
        "Two estimates a week.",
        votes=(Said(OLIVE, 50), Said(CEDRIC, 44, "With allowances, please.")),
        comments=(Said(LEAD, 13, "Thank you all: it is in 4.2, allowances included."),),
        decided=(
            Decided(Status.PLANNED, 46),
            Decided(Status.IN_PROGRESS, 33),
            Decided(Status.SHIPPED, 13, "Estimates, New, From a project.", "4.2"),
        ),
    ),
    Wish(
        "QuickBooks: send change orders as lines of their own",
        OLIVE,
        58,
        "integrations",
        "Approved change orders arrive in QuickBooks as one sum. Our accountant needs a line for "
        "each, with its cost code.",
        votes=(Said(BO, 40, "Same accountant, same question each month."),),
        decided=(
            Decided(Status.PLANNED, 45),
            Decided(Status.SHIPPED, 22, "Switch it on under Integrations.", "4.1"),
        ),
    ),
    Wish(
        "Gantt chart as a PDF on one large sheet",
        PAUL,
        19,
        "scheduling",
        "For the wall of the site office: the whole schedule on one A1 or 24 × 36 inch sheet, with "
        "our logo.",
        "Weekly, before the meeting with the trades.",
        votes=(Said(BO, 12), Said(CEDRIC, 2, "Plotter in every trailer.")),
    ),
    Wish(
        "Que los avisos del horario lleguen en español",
        FELIPE,
        8,
        "scheduling",
        "Mi cuadrilla lee mejor en español. Los avisos de cambios de horario llegan en inglés "
        "aunque el perfil esté en español.",
        "Todos los días a las seis, cuando sale el plan.",
        "Ocho de diez personas en la obra hablan español.",
        language="es",
        votes=(Said(BO, 5, "Half of our framers too."),),
        comments=(Said(BO, 5, "+1. Our framers would read them at last."),),
        decided=(Decided(Status.UNDER_REVIEW, 3),),
    ),
    Wish(
        "Clients approve selections with one tap",
        BO,
        14,
        "client_portal",
        "Tile, taps, paint: clients choose in the portal and we wait for a signature by mail. One "
        "button with the price difference beside it would be enough.",
        "Fifteen selections a house.",
        "Each week that a selection waits costs us a week at the end.",
        votes=(Said(CEDRIC, 7, "And a date by when they have to decide."),),
    ),
    Wish(
        "Remind vendors of insurance that runs out",
        CEDRIC,
        24,
        "client_portal",
        "A certificate of insurance has a date. Thirty days before it the vendor should get a "
        "letter, and we a list.",
        "We check two hundred certificates by hand each January.",
        votes=(Said(OLIVE, 18, "Our auditor asks for exactly this list."),),
        decided=(Decided(Status.UNDER_REVIEW, 10), Decided(Status.PLANNED, 5)),
    ),
    Wish(
        "Run our own server in the site office",
        BO,
        47,
        "settings",
        "There is no signal in the valley. If the software ran on a computer in the trailer, we "
        "could work without a connection.",
        decided=(
            Decided(
                Status.DECLINED,
                31,
                "We can’t keep servers on sites safe and up to date. The phone app is learning to "
                "work without a connection instead; that helps in the valley as well.",
            ),
        ),
        comments=(Said(BO, 30, "Fair. Then please hurry with the app."),),
    ),
    Wish(
        "Pictures in the daily report",
        BO,
        33,
        "scheduling",
        "Let us put pictures into the daily report while we stand on the site.",
        reason="The office asks for them every evening.",
        same_as="Attach photos to daily logs from the phone",
    ),
    Wish(
        "Single sign-on with our own accounts for field crews",
        CEDRIC,
        6,
        "auth",
        "Crews change weekly. With our own accounts they would be in on Monday and out on Friday "
        "without anybody inviting them.",
        "About forty people a month.",
    ),
    Wish(
        "Price of the estimating add-on by volume",
        LEAD,
        12,
        "billing",
        "Enterprise customers ask for it. Not to be talked about before the new price list.",
        is_internal=True,
        decided=(Decided(Status.UNDER_REVIEW, 9),),
    ),
)


def wish(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    """The oldest first; each with all that came of it."""
    made = {}
    for one in sorted(WISHES, key=lambda wish: -wish.days):
        by = cast[one.who]
        words = Words(one.title, one.text, one.use_case, one.module, one.is_internal)
        at = now - timedelta(days=one.days)
        idea = submitting.submit(session, words, language=one.language, by=by, at=at)
        made[one.title] = idea
        if one.reason:
            voting.explain(session, idea, one.reason, by=by)
        _play(session, cast, one, idea, now)
    for one in WISHES:
        if one.same_as:
            at = now - timedelta(days=one.days - 1)
            merging.merge(session, made[one.title], made[one.same_as], by=cast[LEAD], at=at)


def _play(
    session: Session, cast: Mapping[str, Actor], one: Wish, idea: FeatureRequest, now: datetime
) -> None:
    """Votes before what is decided of it, the rest in its order."""
    for vote in one.votes:
        at = now - timedelta(days=vote.days)
        voting.vote(session, idea, vote.text, by=cast[vote.who], at=at)
    for said in one.comments:
        at = now - timedelta(days=said.days)
        commenting.comment(session, idea, said.text, by=cast[said.who], at=at)
    for act in one.decided:
        decision = Decision(act.status, act.note, act.version)
        at = now - timedelta(days=act.days)
        statuses.decide(session, idea, decision, by=cast[LEAD], at=at)
