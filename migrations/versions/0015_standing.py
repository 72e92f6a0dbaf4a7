"""community: members and their points, restrictions, what a builder shows of itself"""

import sqlalchemy as sa
from alembic import op

import portal.foundation.db

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

TENANTED = ('community_settings',)
OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"  # as in 0008


def upgrade() -> None:
    op.create_table('community_members',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_community_members_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_community_members')),
    sa.UniqueConstraint('user_id', name=op.f('uq_community_members_user_id'))
    )
    op.create_table('community_points',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('uncounted', sa.String(length=20), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('source_kind', sa.String(length=20), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('given_by', sa.Uuid(), nullable=True),
    sa.Column('by_peer', sa.Boolean(), nullable=False),
    sa.Column('taken_back_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Uuid(), nullable=True),
    sa.Column('taken_back_why', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['given_by'], ['users.id'], name=op.f('fk_community_points_given_by')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['users.id'], name=op.f('fk_community_points_taken_back_by')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_community_points_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_community_points'))
    )
    with op.batch_alter_table('community_points', schema=None) as batch_op:
        batch_op.create_index('ix_community_points_counting', ['user_id', 'given_by', 'cause', 'at', 'points', 'by_peer'], unique=False, sqlite_where=sa.text('taken_back_at IS NULL'), postgresql_where=sa.text('taken_back_at IS NULL'))
        batch_op.create_index('ix_community_points_newest', ['user_id', 'at', 'id'], unique=False)
        batch_op.create_index('uq_community_points_given', ['source_id', 'source_kind', 'cause', 'given_by'], unique=True, sqlite_where=sa.text('taken_back_at IS NULL AND given_by IS NOT NULL'), postgresql_where=sa.text('taken_back_at IS NULL AND given_by IS NOT NULL'))
        batch_op.create_index('uq_community_points_happened', ['source_id', 'source_kind', 'cause', 'user_id'], unique=True, sqlite_where=sa.text('taken_back_at IS NULL AND given_by IS NULL'), postgresql_where=sa.text('taken_back_at IS NULL AND given_by IS NULL'))

    op.create_table('community_restrictions',
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('starts_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('lifted_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.Uuid(), nullable=True),
    sa.Column('appeal', sa.Text(), nullable=False),
    sa.Column('appealed_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('appealed_by', sa.Uuid(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(user_id IS NULL) <> (builder_id IS NULL)', name=op.f('ck_community_restrictions_one')),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_community_restrictions_answered_by')),
    sa.ForeignKeyConstraint(['appealed_by'], ['users.id'], name=op.f('fk_community_restrictions_appealed_by')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_community_restrictions_builder_id')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_community_restrictions_by_id')),
    sa.ForeignKeyConstraint(['lifted_by'], ['users.id'], name=op.f('fk_community_restrictions_lifted_by')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_community_restrictions_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_community_restrictions'))
    )
    with op.batch_alter_table('community_restrictions', schema=None) as batch_op:
        batch_op.create_index('ix_community_restrictions_builder', ['builder_id', 'ends_at'], unique=False, sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))
        batch_op.create_index('ix_community_restrictions_newest', ['starts_at', 'id'], unique=False)
        batch_op.create_index('ix_community_restrictions_user', ['user_id', 'ends_at'], unique=False, sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))

    op.create_table('community_settings',
    sa.Column('shows_name', sa.Boolean(), nullable=False),
    sa.Column('portal_reads', sa.Boolean(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_community_settings_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_community_settings')),
    sa.UniqueConstraint('builder_id', name=op.f('uq_community_settings_builder_id'))
    )

    if op.get_bind().dialect.name == 'postgresql':
        for name in TENANTED:
            op.execute(f'ALTER TABLE {name} ENABLE ROW LEVEL SECURITY')
            op.execute(f'ALTER TABLE {name} FORCE ROW LEVEL SECURITY')
            op.execute(f'CREATE POLICY own_rows ON {name} USING ({OWN}) WITH CHECK ({OWN})')


def downgrade() -> None:
    op.drop_table('community_settings')
    op.drop_table('community_restrictions')
    op.drop_table('community_points')
    op.drop_table('community_members')
