"""One session a request: a reading one for GET, one that may write for the rest."""

from flask import Flask, g, request
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.web.access import SAFE_METHODS


def init_app(app: Flask, writers: sessionmaker[Session], readers: sessionmaker[Session]) -> None:
    def open_session() -> None:
        if request.endpoint not in {None, "static"}:
            g.db = readers() if request.method in SAFE_METHODS else writers()

    def close_session(error: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()

    app.before_request(open_session)
    app.teardown_request(close_session)


def db() -> Session:
    session: Session = g.db
    return session
