"""Votes: a builder's own, for its people; all of them, for staff."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Builder
from portal.ideas.models import FeatureRequestVote as Vote


def of_builder(session: Session, request_id: UUID, builder_id: UUID) -> Vote | None:
    return session.scalar(
        select(Vote).where(Vote.request_id == request_id, Vote.builder_id == builder_id)
    )


def by_key(session: Session, request_id: UUID, key: UUID) -> Vote | None:
    """With its builder: for staff."""
    query = select(Vote).where(Vote.id == key, Vote.request_id == request_id)
    return session.scalar(query.options(joinedload(Vote.builder)))


def voted(session: Session, builder_id: UUID | None, requests: Iterable[UUID]) -> set[UUID]:
    """Which of these ideas the builder has voted for."""
    if builder_id is None:
        return set()
    query = select(Vote.request_id).where(
        Vote.builder_id == builder_id, Vote.request_id.in_(list(requests))
    )
    return set(session.scalars(query))


def newest(session: Session, request_id: UUID, most: int) -> Sequence[Vote]:
    """With their builders: for staff."""
    query = select(Vote).where(Vote.request_id == request_id).options(joinedload(Vote.builder))
    return session.scalars(query.order_by(Vote.created_at.desc(), Vote.id.desc()).limit(most)).all()


def weighed(session: Session, request_id: UUID, most: int) -> tuple[Sequence[Vote], dict[str, int]]:
    """The newest, and how many builders of each plan want it: in one question, which brings the
    newest of each plan as well."""
    newest = Vote.created_at.desc(), Vote.id.desc()
    ranked = (
        select(
            Vote.id,
            func.row_number().over(order_by=newest).label("place"),
            func.row_number().over(partition_by=Builder.plan, order_by=newest).label("of_plan"),
            func.count().over(partition_by=Builder.plan).label("number"),
        )
        .join(Builder, Builder.id == Vote.builder_id)
        .where(Vote.request_id == request_id)
        .subquery()
    )
    query = (
        select(Vote, ranked.c.number)
        .join(ranked, ranked.c.id == Vote.id)
        .where((ranked.c.place <= most) | (ranked.c.of_plan == 1))
        .options(joinedload(Vote.builder))
        .order_by(ranked.c.place)
    )
    rows = session.execute(query).all()
    return [vote for vote, _number in rows][:most], {
        vote.builder.plan: number for vote, number in rows
    }


def plans(session: Session, requests: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """How many builders of each plan want each of these: for those who decide."""
    rows = session.execute(
        select(Vote.request_id, Builder.plan, func.count())
        .join(Builder, Builder.id == Vote.builder_id)
        .where(Vote.request_id.in_(list(requests)))
        .group_by(Vote.request_id, Builder.plan)
    )
    counted: dict[UUID, dict[str, int]] = {}
    for request_id, plan, number in rows:
        counted.setdefault(request_id, {})[plan] = number
    return counted


def builders(session: Session) -> Sequence[Builder]:
    """For whom staff may vote."""
    return session.scalars(select(Builder).order_by(Builder.name, Builder.id)).all()
