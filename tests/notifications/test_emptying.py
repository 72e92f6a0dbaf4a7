"""What old letters said goes; that they were sent, to whom and about what, stays."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from portal.foundation import deliveries
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.mail import Letter
from portal.foundation.runtime import Runtime
from portal.notifications import emptying, mailing
from tests.fixtures.database import KIND
from tests.fixtures.world import NOW
from tests.support.plans import planned

pytestmark = pytest.mark.usefixtures("noon")
DAY = timedelta(days=1)
LATER = NOW + 91 * DAY
empty = emptying.emptying(90 * DAY)


def letter(session: Session, key: str, status: Status) -> Delivery:
    said = Letter(
        to="owner@acme.test",
        sender="support@corbel.test",
        subject="[#1042] Schedule is empty",
        text="We answer by Tuesday, 10:30.\n",
        html="<p>We answer by Tuesday, 10:30.</p>",
        written_at=NOW,
        message_id=f"<{key}@corbel.test>",
    )
    delivery = mailing.post(session, said, at=NOW, dedup_key=key)
    assert delivery is not None
    delivery.status = status.value
    session.commit()
    return delivery


def says(session: Session, delivery: Delivery) -> str:
    session.rollback()
    session.refresh(delivery)
    return str(delivery.payload["text"]) + str(delivery.payload["html"] or "")


@pytest.mark.parametrize("status", [Status.SENT, Status.KEPT, Status.CANCELLED])
def test_ninety_days_after_it_was_settled(
    runtime: Runtime, session: Session, noon: time_machine.Traveller, status: Status
) -> None:
    delivery = letter(session, "one", status)
    noon.move_to(NOW + 90 * DAY)
    assert empty(runtime.writers, NOW + 90 * DAY) == 0
    assert "Tuesday" in says(session, delivery)
    noon.move_to(LATER)
    assert empty(runtime.writers, LATER) == 1
    assert says(session, delivery) == ""
    assert (delivery.emptied_at, delivery.status) == (LATER, status)
    assert delivery.payload["subject"] == "[#1042] Schedule is empty"
    assert Letter.from_payload(delivery.payload).message_id == "<one@corbel.test>"
    assert empty(runtime.writers, LATER) == 0


@pytest.mark.parametrize("status", [Status.QUEUED, Status.DEAD])
def test_what_must_still_leave_keeps_its_words(
    runtime: Runtime, session: Session, noon: time_machine.Traveller, status: Status
) -> None:
    delivery = letter(session, "one", status)
    noon.move_to(NOW + 4000 * DAY)
    assert empty(runtime.writers, NOW + 4000 * DAY) == 0
    assert "Tuesday" in says(session, delivery)


def test_what_was_sent_late_is_kept_from_then_on(
    runtime: Runtime, session: Session, noon: time_machine.Traveller
) -> None:
    delivery = letter(session, "one", Status.DEAD)
    replayed = NOW + 200 * DAY
    deliveries.replay(session, delivery, replayed)
    delivery.status = Status.SENT.value
    session.commit()
    noon.move_to(replayed + 89 * DAY)
    assert empty(runtime.writers, replayed + 89 * DAY) == 0
    noon.move_to(replayed + 91 * DAY)
    assert empty(runtime.writers, replayed + 91 * DAY) == 1


def test_pages_keep_their_facts(
    runtime: Runtime, session: Session, noon: time_machine.Traveller
) -> None:
    page = deliveries.queue(session, "page", at=NOW, dedup_key="p", payload={"ticket": 1042})
    assert page is not None
    page.status = Status.SENT.value
    session.commit()
    noon.move_to(LATER)
    assert empty(runtime.writers, LATER) == 0


def test_a_little_each_turn(
    runtime: Runtime,
    session: Session,
    noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(emptying, "MOST", 2)
    for number in range(3):
        letter(session, f"letter{number}", Status.SENT)
    noon.move_to(LATER)
    assert [empty(runtime.writers, LATER) for _ in range(3)] == [2, 1, 0]


def test_a_turn_as_of_next_year_empties_nothing_of_today(
    runtime: Runtime, session: Session
) -> None:
    delivery = letter(session, "one", Status.SENT)
    assert empty(runtime.writers, NOW + 400 * DAY) == 0
    assert "Tuesday" in says(session, delivery)


def test_for_ever(runtime: Runtime, session: Session, noon: time_machine.Traveller) -> None:
    letter(session, "one", Status.SENT)
    noon.move_to(NOW + 4000 * DAY)
    assert emptying.emptying(None)(runtime.writers, NOW + 4000 * DAY) == 0


def test_the_clock_empties_them(runtime: Runtime) -> None:
    assert empty.__qualname__ in {ticker.__qualname__ for ticker in runtime.tickers}


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_they_are_found_by_their_age(
    runtime: Runtime, session: Session, noon: time_machine.Traveller
) -> None:
    letter(session, "one", Status.SENT)
    noon.move_to(LATER)
    with planned(runtime.engine) as plans:
        empty(runtime.writers, LATER)
    [plan] = [plan for plan in plans if "FROM deliveries" in plan]
    assert "USING INDEX ix_deliveries_full (kind=? AND next_try_at<?)" in plan
    assert "B-TREE" not in plan
