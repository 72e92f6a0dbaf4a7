"""What is done once a change stands: after the commit of the whole, never of a savepoint."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session

_CALLS = "after_commit"


def after_commit(session: Session, name: str, call: Callable[[], object]) -> None:
    """Once a name, however often it is asked for; forgotten when the transaction is rolled back."""
    session.info.setdefault(_CALLS, {})[name] = call


@event.listens_for(Session, "after_commit")
def _do(session: Session) -> None:
    if not session.in_nested_transaction():
        for call in session.info.pop(_CALLS, {}).values():
            call()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_CALLS, None)
