"""community: drafts of more than tickets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

TENANTED = ('drafts',)
OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"  # as in 0008


def upgrade() -> None:
    _make_drafts('drafts')
    _move('ticket_drafts', 'drafts')


def downgrade() -> None:
    _make_drafts('ticket_drafts')
    _move('drafts', 'ticket_drafts')


def _make_drafts(name: str) -> None:
    op.create_table(name,
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f(f'fk_{name}_builder_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f(f'fk_{name}_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')),
    sa.UniqueConstraint('user_id', 'place', name=op.f(f'uq_{name}_user_id_place'))
    )


def _move(source: str, target: str) -> None:
    """What somebody is writing right now goes along."""
    columns = 'id, builder_id, user_id, place, fields, updated_at'
    op.execute(f'INSERT INTO {target} ({columns}) SELECT {columns} FROM {source}')
    op.drop_table(source)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE {target} ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE {target} FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY own_rows ON {target} USING ({OWN}) WITH CHECK ({OWN})')
