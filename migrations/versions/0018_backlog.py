"""backlog: the tracker that ideas are sent to, and what it knows of each"""

import sqlalchemy as sa
from alembic import op

import portal.foundation.db

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('backlog_connections',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('site', sa.String(length=300), nullable=False),
    sa.Column('account', sa.String(length=320), nullable=False),
    sa.Column('sealed_token', sa.String(length=2000), nullable=False),
    sa.Column('project', sa.String(length=40), nullable=False),
    sa.Column('issue_type', sa.String(length=60), nullable=False),
    sa.Column('begins_at', sa.String(length=20), nullable=False),
    sa.Column('changed_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('jira', 'linear')", name=op.f('ck_backlog_connections_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backlog_connections'))
    )
    op.create_table('backlog_items',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=320), nullable=False),
    sa.Column('marker', sa.Uuid(), nullable=False),
    sa.Column('external_id', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('stage', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('trouble', sa.String(length=20), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sent_revision', sa.Integer(), nullable=False),
    sa.Column('sent_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('asked_by_name', sa.String(length=120), nullable=False),
    sa.Column('asked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('held_until', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f('ck_backlog_items_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['users.id'], name=op.f('fk_backlog_items_asked_by')),
    sa.ForeignKeyConstraint(['request_id'], ['feature_requests.id'], name=op.f('fk_backlog_items_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backlog_items')),
    sa.UniqueConstraint('request_id', name=op.f('uq_backlog_items_request_id'))
    )
    op.create_index(op.f('ix_backlog_items_asked_by'), 'backlog_items', ['asked_by'])
    op.create_index('ix_backlog_items_state', 'backlog_items', ['state', 'asked_at', 'id'])


def downgrade() -> None:
    op.drop_table('backlog_items')
    op.drop_table('backlog_connections')
