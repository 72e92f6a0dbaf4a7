"""Codes of an authenticator app (RFC 6238), and the recovery codes for who has lost it."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Login, RecoveryCode, SecondFactor, User
from portal.accounts.service import sessions
from portal.foundation import outbox
from portal.foundation.runtime import current_runtime
from portal.foundation.sealing import Unreadable, seal, unseal

if TYPE_CHECKING:
    from pyotp import TOTP

STEP: Final = 30  # seconds that a code is shown
SLACK: Final = (0, -1, 1)  # steps by which clocks of telephones may be wrong
CODES: Final = 10
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike
CODE_LETTERS: Final = 12  # 59 bits; their digests are keyed
CHANGED: Final = "account.second_factor_changed"


class WrongCode(ValueError):
    """Not a code of this moment, or used before."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is given."""

    secret: str
    address: str  # otpauth://…, for a QR code


def of(session: Session, user_id: UUID) -> SecondFactor | None:
    return session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id))


def is_on(session: Session, user_id: UUID) -> bool:
    found = of(session, user_id)
    return found is not None and found.confirmed_at is not None


def begin(session: Session, user: User, *, at: datetime) -> None:
    """A new secret, which counts once a code of it was given; nothing where one counts already."""
    from pyotp import random_base32

    if is_on(session, user.id):
        return
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    sealed = seal(current_runtime().sealing_key, random_base32())
    session.add(SecondFactor(user_id=user.id, sealed=sealed, created_at=at))
    session.flush()


def enrolment(factor: SecondFactor, user: User, site: str) -> Enrolment:
    """Of one that was begun and not confirmed."""
    totp = _totp(factor)
    return Enrolment(totp.secret, totp.provisioning_uri(name=user.email, issuer_name=site))


def confirm(
    session: Session, user: User, code: str, *, login_id: UUID, at: datetime, portal: UUID | None
) -> list[str]:
    """From now on codes are asked for; every other browser must give one. Returns the recovery
    codes, which nobody can show again. Raises WrongCode."""
    factor = of(session, user.id)
    if factor is None or factor.confirmed_at is not None:
        raise WrongCode
    _take(session, factor, code, at)
    factor.confirmed_at = at
    strengthen(session, login_id, at=at)
    sessions.end_all_of(session, user.id, at=at, but=login_id)
    _tell(session, user, "on", at, portal)
    return _new_codes(session, user.id)


def strengthen(session: Session, login_id: UUID, *, at: datetime) -> None:
    """A code was given in this browser."""
    session.get_one(Login, login_id).second_factor_at = at


def check(session: Session, user: User, given: str, *, at: datetime, portal: UUID | None) -> None:
    """A code of the app, or a recovery code; each works once. Raises WrongCode."""
    factor = of(session, user.id)
    if factor is None or factor.confirmed_at is None:
        raise WrongCode
    plain = "".join(given.split()).replace("-", "").lower()
    if plain.isascii() and plain.isdecimal():
        _take(session, factor, plain, at)
        return
    spent = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.digest == _digest(plain),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if spent is None:
        raise WrongCode
    _tell(session, user, "recovered", at, portal)


def renew_codes(session: Session, user: User, *, at: datetime, portal: UUID | None) -> list[str]:
    """The earlier ones work no more."""
    _tell(session, user, "codes", at, portal)
    return _new_codes(session, user.id)


def codes_left(session: Session, user_id: UUID) -> int:
    unused = select(func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def turn_off(session: Session, user: User, *, at: datetime, portal: UUID | None) -> None:
    """By the person, who has just given a code."""
    _forget(session, user.id)
    _tell(session, user, "off", at, portal)


def reset(session: Session, user: User, *, at: datetime) -> None:
    """By somebody who may, for a person who has lost everything: signed out everywhere."""
    _forget(session, user.id)
    sessions.end_all_of(session, user.id, at=at)
    _tell(session, user, "reset", at, None)


def _forget(session: Session, user_id: UUID) -> None:
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _take(session: Session, factor: SecondFactor, code: str, at: datetime) -> None:
    """Once, and none from before it: whoever looks over a shoulder comes too late."""
    step = _step_of(factor, "".join(code.split()), at)
    taken = session.scalar(
        update(SecondFactor)
        .where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise WrongCode


def _step_of(factor: SecondFactor, code: str, at: datetime) -> int:
    """Which step shows the code, of those around now. Raises WrongCode."""
    try:
        totp, now = _totp(factor), int(at.timestamp()) // STEP
    except Unreadable:  # the installation has another secret key: as good as lost
        raise WrongCode from None
    given = code.encode("utf-8", "replace")
    fits = [
        now + slack
        for slack in SLACK
        if hmac.compare_digest(totp.generate_otp(now + slack).encode(), given)
    ]
    if not fits:
        raise WrongCode
    return fits[0]


def _totp(factor: SecondFactor) -> "TOTP":
    from pyotp import TOTP

    return TOTP(unseal(current_runtime().sealing_key, factor.sealed))


def _new_codes(session: Session, user_id: UUID) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS)) for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(code)) for code in codes)
    session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _digest(code: str) -> str:
    key = current_runtime().sealing_key
    return hmac.new(key, code.encode("utf-8", "replace"), "sha256").hexdigest()


def _tell(session: Session, user: User, what: str, at: datetime, portal: UUID | None) -> None:
    outbox.record(session, CHANGED, at=at, builder_id=portal, user_id=str(user.id), what=what)
