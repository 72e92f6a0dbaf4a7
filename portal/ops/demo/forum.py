"""The demo's forum: what builders asked and told each other in the last weeks.

Hours are before now; who accepts is who asked, who verifies is staff.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.forum.models import Kind, Reply, Wrong
from portal.forum.service import answers, flagging, following, moderating, posting, voting
from portal.forum.service.posting import NewPost


@dataclass(frozen=True, slots=True)
class Said:
    """A reply; `helped` and `right` say whether it was accepted and verified, and by whom."""

    hours_ago: float
    who: str
    text: str
    useful_to: Sequence[str] = ()
    helped: bool = False
    right: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    hours_ago: float
    who: str
    kind: Kind
    category: str
    title: str
    text: str
    language: str = "en"
    useful_to: Sequence[str] = ()
    replies: Sequence[Said] = field(default=())
    pinned: bool = False
    locked: bool = False


OLIVE, PAUL, FELIPE = "owner@acme.test", "pm@acme.test", "field@acme.test"
BO, CEDRIC, RITA = "owner@birch.test", "owner@cedar.test", "rita@ledger.test"
ANA, BEN, LENA = "agent1@corbel.test", "agent2@corbel.test", "lead@corbel.test"

THREADS = (
    Thread(
        1400,
        LENA,
        Kind.DISCUSSION,
        "settings",
        "Welcome: how this forum works",
        "Ask what you want to know, and answer what you know. Three things help everybody:\n\n"
        "- **Search first.** While you write a title, threads and articles that may already help "
        "stand below it.\n"
        "- **Say what you tried**, with the words that you saw on the screen.\n"
        "- **Mark the reply that helped.** The next person who asks finds it from the “?” in the "
        "app.\n\nClients’ names, addresses and amounts do not belong here: everybody can read it.",
        useful_to=(OLIVE, BO, CEDRIC),
        pinned=True,
        locked=True,
    ),
    Thread(
        620,
        PAUL,
        Kind.QUESTION,
        "scheduling",
        "How do you keep weather days from pushing the whole schedule?",
        "We lost four days to rain on one site. When I enter them, **every** task moves, also the "
        "ones indoors. Is there a way to move only what is outside?",
        useful_to=(BO, CEDRIC, RITA),
        replies=(
            Said(
                618,
                BO,
                "We put everything outdoors on its own calendar. Weather days then count for that "
                "calendar alone.",
                useful_to=(PAUL, CEDRIC, FELIPE),
                helped=True,
                right=ANA,
            ),
            Said(
                610,
                ANA,
                "That is how it is meant. *Schedule → Calendars → New*, call it “Outdoors”, and "
                "choose it in the tasks. Weather days ask which calendar they are for.",
                useful_to=(PAUL, RITA),
            ),
            Said(430, CEDRIC, "Did the same with interior and exterior crews. Works on 14 sites."),
        ),
    ),
    Thread(
        500,
        BO,
        Kind.QUESTION,
        "invoicing",
        "Retainage: do you release it per draw or once at the end?",
        "Our lender wants 10 % held until the certificate of occupancy, our subs want it with each "
        "draw. How do you set that up without two sets of books?",
        useful_to=(OLIVE, RITA),
        replies=(
            Said(
                497,
                RITA,
                "Hold it towards the client and release it towards the subs by line: a line can "
                "have a percentage of its own. I keep a saved view “retainage open” for both.",
                useful_to=(BO, OLIVE, CEDRIC),
                helped=True,
            ),
            Said(
                495,
                OLIVE,
                "> **Rita Vance:**\n> a line can have a percentage of its own\n\nI did not know "
                "that. Saves us a spreadsheet.",
            ),
        ),
    ),
    Thread(
        340,
        FELIPE,
        Kind.QUESTION,
        "scheduling",
        "¿Cómo suben fotos cuando no hay señal en la obra?",
        "En el sótano no hay señal y las fotos del parte diario se quedan en “pendiente”. "
        "¿Hay que volver a entrar o se suben solas?",
        language="es",
        useful_to=(PAUL,),
        replies=(
            Said(
                338,
                ANA,
                "Se suben solas en cuanto el celular vuelve a tener señal, si la app sigue abierta "
                "en segundo plano. Si el celular la cierra, ábrela una vez: empieza enseguida.",
                useful_to=(FELIPE, BO),
                helped=True,
                right=ANA,
            ),
        ),
    ),
    Thread(
        250,
        CEDRIC,
        Kind.DISCUSSION,
        "estimating",
        "How we built one cost code list for six offices",
        "It took us three tries, so here is what we would do again:\n\n"
        "1. Start from the list of the office with the **most** trades, not the tidiest one.\n"
        "2. Split by what is bought, not by who does it.\n"
        "3. Import 50 codes, estimate one real house, then import the rest.\n\n"
        "What we would not do again: renaming codes in the middle of a year.",
        useful_to=(OLIVE, BO, PAUL, RITA),
        replies=(
            Said(240, OLIVE, "Point 2 is the one I would have needed last spring."),
            Said(
                236,
                PAUL,
                "How many codes did you end up with? We are at 1,240 and nobody finds anything.",
                useful_to=(BO,),
            ),
            Said(233, CEDRIC, "@Paul 410. Everything else became a note on the line."),
        ),
    ),
    Thread(
        122,
        RITA,
        Kind.QUESTION,
        "integrations",
        "QuickBooks: classes or customers for two companies in one file?",
        "I keep the books of two builders. Does the connection keep them apart if both are in one "
        "QuickBooks file, or do I need two?",
        replies=(
            Said(
                119,
                BEN,
                "You need two files. The connection belongs to one company of ours and writes to "
                "one company file; classes would mix the tax reports.",
                useful_to=(RITA,),
                right=LENA,
            ),
        ),
    ),
    Thread(
        74,
        PAUL,
        Kind.QUESTION,
        "estimating",
        "Import of cost codes stops at 500 rows, how do you split the file?",
        "It says done, but 740 of 1,240 codes are missing. I hear that the limit goes away. Until "
        "then: how do you split the file without losing the parents?",
        useful_to=(BO,),
        replies=(
            Said(
                70,
                BO,
                "One file per top-level code, parents first in each. Ugly, but it went through.",
                useful_to=(PAUL,),
            ),
        ),
    ),
    Thread(
        30,
        OLIVE,
        Kind.DISCUSSION,
        "client_portal",
        "What do your clients see of the schedule?",
        "We show milestones only. A client of ours asks for every task. Do you open it all up, and "
        "do they call less or more?",
        useful_to=(CEDRIC,),
        replies=(
            Said(26, CEDRIC, "Milestones and the next two weeks. Calls went down by half."),
            Said(9, BO, "Everything, since day one. They call more, but they pay faster."),
        ),
    ),
    Thread(
        5,
        BO,
        Kind.QUESTION,
        "auth",
        "Can crews clock in by phone without each having an account?",
        "Six people, one foreman, three of them change every month. I don’t want to make an "
        "account for each.",
    ),
)
FOLLOWED = ((OLIVE, "scheduling"), (BO, "invoicing"), (ANA, "auth"), (BEN, "integrations"))


REPORTED = (
    "Everything, since day one.",
    PAUL,
    Wrong.OTHER,
    "Clients may read this.",
)
"""How a reply begins, and who wants moderators to look at it."""


def talk(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    for who, category in FOLLOWED:
        following.follow_category(session, category, by=cast[who], at=now - timedelta(days=60))
    for thread in THREADS:
        _begin(session, cast, thread, now)


def report(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    """Once the ledger has heard of all: who has just joined reports nothing."""
    begins, who, reason, comment = REPORTED
    said = session.scalars(select(Reply).where(Reply.body.startswith(begins))).one()
    at = now - timedelta(minutes=40)
    flagging.flag(session, said, reason, comment, by=cast[who], at=at)


def _begin(session: Session, cast: Mapping[str, Actor], thread: Thread, now: datetime) -> None:
    at, asker = now - timedelta(hours=thread.hours_ago), cast[thread.who]
    new = NewPost(thread.kind, thread.category, thread.language, thread.title, thread.text)
    post = posting.begin(session, new, by=asker, at=at).post
    for who in thread.useful_to:
        voting.upvote(session, post, by=cast[who], at=at + timedelta(hours=1))
    for said in thread.replies:
        then = now - timedelta(hours=said.hours_ago)
        reply = posting.reply(session, post, said.text, by=cast[said.who], at=then).reply
        _judge(session, cast, said, reply, then)
        if said.helped:
            answers.accept(session, post, reply, by=asker, at=then + timedelta(hours=1))
        if said.right:
            by, later = cast[said.right], then + timedelta(hours=2)
            answers.verify(session, post, reply, by=by, at=later)
    if thread.pinned:
        moderating.pin(session, post, by=asker, at=at)
    if thread.locked:
        moderating.lock(session, post, by=asker, at=at)


def _judge(
    session: Session, cast: Mapping[str, Actor], said: Said, reply: Reply, at: datetime
) -> None:
    for who in said.useful_to:
        voting.upvote(session, reply, by=cast[who], at=at + timedelta(minutes=30))
