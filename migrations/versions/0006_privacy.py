"""privacy: exports, erasures, rules of retention, and what names nobody any more"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('data_exports',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('claimed_until', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('ready_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('expires_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('wanted', 'ready', 'failed', 'gone')", name=op.f('ck_data_exports_state')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_data_exports_asked_by_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_data_exports_builder_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_data_exports_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_exports'))
    )
    with op.batch_alter_table('data_exports', schema=None) as batch_op:
        batch_op.create_index('ix_data_exports_asked', ['asked_by_id', 'asked_at'], unique=False)
        batch_op.create_index('ix_data_exports_ready', ['expires_at'], unique=False, sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
        batch_op.create_index('ix_data_exports_wanted', ['user_id', 'asked_by_id'], unique=True, sqlite_where=sa.text("state = 'wanted'"), postgresql_where=sa.text("state = 'wanted'"))

    op.create_table('erasures',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('membership_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('wholly', sa.Boolean(), nullable=False),
    sa.Column('with_files', sa.Boolean(), nullable=False),
    sa.Column('names', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('step', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Uuid(), nullable=True),
    sa.Column('claimed_until', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('done_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'refused', 'running', 'done')", name=op.f('ck_erasures_state')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_erasures_asked_by_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_erasures_builder_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_erasures_decided_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_erasures_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasures'))
    )
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.create_index('ix_erasures_of_builder', ['builder_id', 'asked_at', 'id'], unique=False)
        batch_op.create_index('ix_erasures_open', ['membership_id'], unique=True, sqlite_where=sa.text("state IN ('asked', 'running')"), postgresql_where=sa.text("state IN ('asked', 'running')"))
        batch_op.create_index('ix_erasures_running', ['claimed_until'], unique=False, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.create_table('retention_rules',
    sa.Column('tickets_months', sa.Integer(), nullable=True),
    sa.Column('tickets_fate', sa.String(length=10), nullable=False),
    sa.Column('files_months', sa.Integer(), nullable=True),
    sa.Column('audit_years', sa.Integer(), nullable=True),
    sa.Column('erase_files', sa.Boolean(), nullable=False),
    sa.Column('next_run_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_run_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_counts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("tickets_fate IN ('anonymise', 'delete')", name=op.f('ck_retention_rules_tickets_fate')),
    sa.CheckConstraint('audit_years > 0', name=op.f('ck_retention_rules_audit_years')),
    sa.CheckConstraint('files_months > 0', name=op.f('ck_retention_rules_files_months')),
    sa.CheckConstraint('tickets_months > 0', name=op.f('ck_retention_rules_tickets_months')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_retention_rules_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rules')),
    sa.UniqueConstraint('builder_id', name=op.f('uq_retention_rules_builder_id'))
    )
    with op.batch_alter_table('retention_rules', schema=None) as batch_op:
        batch_op.create_index('ix_retention_rules_due', ['next_run_at'], unique=False)

    with op.batch_alter_table('support_tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('anonymised_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_tickets_closed', ['builder_id', 'anonymised_at', 'closed_at', 'id'], unique=False, sqlite_where=sa.text("status = 'closed'"), postgresql_where=sa.text("status = 'closed'"))

    with op.batch_alter_table('ticket_attachments', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_attachments_message', ['message_id'], unique=False, sqlite_where=sa.text('message_id IS NOT NULL'), postgresql_where=sa.text('message_id IS NOT NULL'))
        batch_op.create_index('ix_ticket_attachments_age', ['builder_id', 'created_at', 'id'], unique=False)

    op.create_index('ix_tickets_following', 'support_tickets', ['follows_id'], unique=False, sqlite_where=sa.text('follows_id IS NOT NULL'), postgresql_where=sa.text('follows_id IS NOT NULL'))
    op.create_index('ix_notifications_ticket', 'notifications', ['ticket_id'], unique=False, sqlite_where=sa.text('ticket_id IS NOT NULL'), postgresql_where=sa.text('ticket_id IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_notifications_ticket', 'notifications')
    op.drop_index('ix_tickets_following', 'support_tickets')
    with op.batch_alter_table('ticket_attachments', schema=None) as batch_op:
        batch_op.drop_index('ix_ticket_attachments_message')
        batch_op.drop_index('ix_ticket_attachments_age')

    with op.batch_alter_table('support_tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_tickets_closed', sqlite_where=sa.text("status = 'closed'"), postgresql_where=sa.text("status = 'closed'"))

    with op.batch_alter_table('retention_rules', schema=None) as batch_op:
        batch_op.drop_index('ix_retention_rules_due')

    op.drop_table('retention_rules')
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.drop_index('ix_erasures_running', sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
        batch_op.drop_index('ix_erasures_open', sqlite_where=sa.text("state IN ('asked', 'running')"), postgresql_where=sa.text("state IN ('asked', 'running')"))
        batch_op.drop_index('ix_erasures_of_builder')

    op.drop_table('erasures')
    with op.batch_alter_table('data_exports', schema=None) as batch_op:
        batch_op.drop_index('ix_data_exports_wanted', sqlite_where=sa.text("state = 'wanted'"), postgresql_where=sa.text("state = 'wanted'"))
        batch_op.drop_index('ix_data_exports_ready', sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
        batch_op.drop_index('ix_data_exports_asked')

    op.drop_table('data_exports')
    op.drop_column('support_tickets', 'anonymised_at')  # in place: no table is built anew
