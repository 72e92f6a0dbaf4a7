"""What can be found, as the features gave it; every index is made from these rows."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted

GONE: Final = "is_gone"
"""The condition of an index."""


class DocumentRow(Base):
    """`documents.Document`, written in the transaction of what it stands for.

    `seq` rises with every change, so that an index on this machine takes what is newer than what it
    has; a row that `is_gone` stays until it was taken out everywhere (`service/purging`). What
    `analysis` makes of the texts is `words` (`rows.Row`), and `analysed` its version.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        UniqueConstraint("kind", "object_id", "language"),
        Index("ix_search_documents_gone", "seq", **only_where(GONE)),
    )

    kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[UUID]
    language: Mapped[str] = mapped_column(String(10))
    group_id: Mapped[UUID | None]  # the same thing in other languages
    gates: Mapped[list[str]] = mapped_column(default=list)  # core.audience
    roles: Mapped[list[str]] = mapped_column(default=list)
    module: Mapped[str] = mapped_column(String(50), default="")
    category: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[str] = mapped_column(String(20), default="")
    weight: Mapped[int] = mapped_column(default=0)  # how much it was read and helped
    slug: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(400))  # within the site
    title: Mapped[str] = mapped_column(String(300))
    labels: Mapped[list[str]] = mapped_column(default=list)
    headings: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")  # plain words
    words: Mapped[str] = mapped_column(Text, default="")
    analysed: Mapped[int] = mapped_column(default=0)
    seq: Mapped[int] = mapped_column(unique=True)
    is_gone: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


terms = Table(
    "search_terms",
    Base.metadata,
    Column("document_id", ForeignKey("search_documents.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, nullable=False),  # of the document
    Column("terms", Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
    Column("filler", Text),
    Index("ix_search_terms_terms", "terms", postgresql_using="gin"),
)
"""What PostgreSQL searches (`engines/postgres`), of documents that are there; empty elsewhere.
Narrow rows apart from the texts, for they are read by the thousand. Terms are put out of a row that
is longer than two kilobytes, and most are not so long by themselves: blanks fill it up, which are
pressed into a few bytes."""

words = Table(
    "search_words",
    Base.metadata,
    Column("language", String(10), primary_key=True),
    Column("word", String(60), primary_key=True),  # folded, as it is written
    Column("stem", String(60), nullable=False),
    Column("shown", String(60), nullable=False),  # with its accents
    Column("documents", Integer, nullable=False),  # how many have it
    Index("ix_search_words_stem", "language", "stem"),
)
"""What is written in documents, so that we know what a question may mean. The word "" counts the
documents of a language."""


TEXTS: Final = (
    DocumentRow.title,
    DocumentRow.labels,
    DocumentRow.headings,
    DocumentRow.summary,
    DocumentRow.body,
    DocumentRow.slug,
)
"""What of a document is words, in the order of `rows.Texts`."""


class Synonyms(Base):
    """Words that mean the same to those who search in a language."""

    __tablename__ = "search_synonyms"

    language: Mapped[str] = mapped_column(String(10), index=True)
    words: Mapped[list[str]] = mapped_column(default=list)
    updated_at: Mapped[datetime]


class Query(Base, Tenanted):
    """What somebody looked for, when they had done typing, and what they opened of it. What is
    written in a form, for which articles are suggested, is no search and is not kept."""

    __tablename__ = "search_queries"
    __table_args__ = (
        Index("ix_search_queries_at", "at", "id"),
        Index("ix_search_queries_of_visitor", "visitor", "at"),
        Index("ix_search_queries_empty", "at", "folded", **only_where("hits = 0")),
    )

    words: Mapped[str] = mapped_column(String(300))  # secrets masked
    folded: Mapped[str] = mapped_column(String(300))  # the same for all who mean the same
    language: Mapped[str] = mapped_column(String(10))
    hits: Mapped[int]
    surface: Mapped[str] = mapped_column(String(12))  # "page", "widget" or "api"
    module: Mapped[str] = mapped_column(String(50), default="")
    visitor: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    plan: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    opened: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"kind": …, "id": …}
    at: Mapped[datetime]
