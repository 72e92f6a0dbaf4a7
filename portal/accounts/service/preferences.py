"""In which language and zone a person reads."""

from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from portal.accounts.models import User

LOCALES = ("en", "es")


def set_preferences(session: Session, user_id: UUID, *, locale: str, zone: str) -> None:
    if locale not in LOCALES:
        raise ValueError(f"{locale!r} is not a language we speak: {', '.join(LOCALES)}")
    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is not a time zone; pick one such as America/Chicago")
    user = session.get_one(User, user_id)
    user.locale, user.zone = locale, zone


def set_locale(session: Session, user_id: UUID, locale: str) -> None:
    user = session.get_one(User, user_id)
    set_preferences(session, user_id, locale=locale, zone=user.zone)
