"""audit: what those who run a company or the platform did"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('by_role', sa.String(length=20), nullable=False),
    sa.Column('about', sa.String(length=300), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_audit_entries_builder_id')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_audit_entries_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_audit_entries_of_builder', ['builder_id', 'at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('audit_entries')
