"""One session a request: a reading one for GET, one that may write for the rest."""

from functools import partial

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.queue import BELLS
from portal.foundation.web.access import SAFE_METHODS
from portal.foundation.web.afterwards import once_answered

WRITERS = "corbel.writers"


def init_app(app: Flask, writers: sessionmaker[Session], readers: sessionmaker[Session]) -> None:
    def open_session() -> None:
        if request.endpoint not in {None, "static"}:
            g.db = readers() if request.method in SAFE_METHODS else _writer(writers)

    def close_session(error: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()

    app.extensions[WRITERS] = writers
    app.before_request(open_session)
    app.teardown_request(close_session)


def _writer(writers: sessionmaker[Session]) -> Session:
    session = writers()
    for name in BELLS & session.info.keys():  # nobody waits for Redis
        session.info[name] = partial(once_answered, session.info[name])
    return session


def db() -> Session:
    session: Session = g.db
    return session


def let_go() -> None:
    """Before a server of someone else is asked: nobody waits for the database meanwhile. What was
    read is not to be used after it."""
    db().rollback()


def begin_writing() -> Session:
    """For the one GET that changes something: a browser that another server has sent back here."""
    db().close()
    g.db, g.writes = _writer(current_app.extensions[WRITERS]), True
    return db()
