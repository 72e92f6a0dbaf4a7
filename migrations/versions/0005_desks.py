"""desks: a builder's own desk beside the platform's, and the way up from one to the other"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

TICKETS = 'support_tickets'
OURS = "desk = 'platform'"
SOURCES = ('in_app', 'email', 'chat', 'phone', 'api', 'whatsapp', 'sms', 'contact')


def sources(*known: str) -> str:
    return f"source IN ({', '.join(repr(one) for one in known)})"


def where(condition: str) -> Mapping[str, Any]:
    return {'sqlite_where': sa.text(condition.replace('active', 'active = 1')), 'postgresql_where': sa.text(condition)} if condition else {}


BEFORE = (
    ('ix_tickets_queue', ('due_rank', 'id', 'active', 'severity', 'category', 'team', 'status'), 'active'),
    ('ix_tickets_unassigned', ('due_rank', 'id', 'active', 'assigned_to'), 'active AND assigned_to IS NULL'),
    ('ix_tickets_mine', ('assigned_to', 'due_rank', 'id', 'active'), 'active'),
    ('ix_tickets_warned', ('due_rank', 'id', 'active', 'warned_at'), 'active AND warned_at IS NOT NULL'),
    ('ix_tickets_all', ('created_at', 'id'), ''),
    ('ix_tickets_of_builder', ('builder_id', 'created_at', 'id'), ''),
    ('ix_tickets_active_of_builder', ('builder_id', 'active', 'created_at', 'id'), 'active'),
    ('ix_tickets_queue_of_builder', ('builder_id', 'due_rank', 'id'), 'active'),
    ('ix_tickets_alike', ('module', 'category', 'created_at', 'id'), ''),
)
AFTER = (
    ('ix_tickets_queue', ('due_rank', 'id', 'active', 'desk', 'severity', 'category', 'team', 'status'), f'active AND {OURS}'),
    ('ix_tickets_unassigned', ('due_rank', 'id', 'active', 'desk', 'assigned_to'), f'active AND {OURS} AND assigned_to IS NULL'),
    ('ix_tickets_mine', ('assigned_to', 'due_rank', 'id', 'active', 'desk'), f'active AND {OURS}'),
    ('ix_tickets_warned', ('due_rank', 'id', 'active', 'desk', 'warned_at'), f'active AND {OURS} AND warned_at IS NOT NULL'),
    ('ix_tickets_all', ('created_at', 'id'), OURS),
    ('ix_tickets_of_builder', ('builder_id', 'desk', 'created_at', 'id'), ''),
    ('ix_tickets_active_of_builder', ('builder_id', 'desk', 'active', 'created_at', 'id'), 'active'),
    ('ix_tickets_queue_of_builder', ('builder_id', 'desk', 'due_rank', 'id'), 'active'),
    ('ix_tickets_alike', ('module', 'category', 'created_at', 'id'), OURS),
    ('ix_tickets_of_handler', ('handler_id', 'due_rank', 'id'), 'handler_id IS NOT NULL'),
)

Indexes = Iterable[tuple[str, tuple[str, ...], str]]


def drop(indexes: Indexes) -> None:
    for name, _columns, _condition in indexes:
        op.drop_index(name, TICKETS)


def create(indexes: Indexes) -> None:
    for name, columns, condition in indexes:
        op.create_index(name, TICKETS, list(columns), **where(condition))


def upgrade() -> None:
    op.create_table('canned_replies',
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_canned_replies_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_replies')),
    sa.UniqueConstraint('builder_id', 'title', name=op.f('uq_canned_replies_builder_id_title'))
    )
    op.create_table('desk_rules',
    sa.Column('weekly', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('holidays', sa.String(length=10), nullable=False),
    sa.Column('respond', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('settle', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('passes_directly', sa.Boolean(), nullable=False),
    sa.Column('tells_progress', sa.Boolean(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_desk_rules_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_rules')),
    sa.UniqueConstraint('builder_id', name=op.f('uq_desk_rules_builder_id'))
    )
    op.create_table('ticket_escalations',
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('platform_ticket_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('impact', sa.String(length=40), nullable=False),
    sa.Column('passed', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('tells_progress', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=120), nullable=False),
    sa.Column('ended_why', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'settled', 'recalled', 'refused')", name=op.f('ck_ticket_escalations_state')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_ticket_escalations_builder_id')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_ticket_escalations_by_id')),
    sa.ForeignKeyConstraint(['platform_ticket_id'], ['support_tickets.id'], name=op.f('fk_ticket_escalations_platform_ticket_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['support_tickets.id'], name=op.f('fk_ticket_escalations_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_escalations')),
    sa.UniqueConstraint('platform_ticket_id', name=op.f('uq_ticket_escalations_platform_ticket_id'))
    )
    with op.batch_alter_table('ticket_escalations', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_escalations_of_ticket', ['ticket_id'], unique=False)
        batch_op.create_index('ix_ticket_escalations_open', ['ticket_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    drop(BEFORE)
    with op.batch_alter_table(TICKETS, schema=None) as batch_op:
        batch_op.add_column(sa.Column('desk', sa.String(length=10), server_default='platform', nullable=False))
        batch_op.add_column(sa.Column('handler_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_support_tickets_handler_id'), 'users', ['handler_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_support_tickets_desk'), "desk IN ('platform', 'builder')")
        batch_op.drop_constraint(batch_op.f('ck_support_tickets_source'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_support_tickets_source'), sources(*SOURCES, 'escalation'))
    # what clients and vendors asked was between them and their builder all along
    op.execute("UPDATE support_tickets SET desk = 'builder', assigned_to = NULL WHERE requester_role IN ('client', 'vendor')")
    create(AFTER)
    op.drop_index('ix_notifications_newest', 'notifications')
    op.drop_index('ix_notifications_unread', 'notifications')
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('portal_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_notifications_portal_id'), 'builders', ['portal_id'], ['id'])
    op.create_index('ix_notifications_newest', 'notifications', ['user_id', 'portal_id', 'created_at', 'id'])
    op.create_index('ix_notifications_unread', 'notifications', ['user_id', 'portal_id'], **where('read_at IS NULL'))
    op.execute(
        "UPDATE notifications SET portal_id = (SELECT builder_id FROM support_tickets"
        " WHERE support_tickets.id = notifications.ticket_id AND support_tickets.desk = 'builder')"
    )


def downgrade() -> None:
    op.drop_index('ix_notifications_newest', 'notifications')
    op.drop_index('ix_notifications_unread', 'notifications')
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notifications_portal_id'), type_='foreignkey')
        batch_op.drop_column('portal_id')
    op.create_index('ix_notifications_newest', 'notifications', ['user_id', 'created_at', 'id'])
    op.create_index('ix_notifications_unread', 'notifications', ['user_id'], **where('read_at IS NULL'))
    op.execute("UPDATE support_tickets SET source = 'in_app' WHERE source = 'escalation'")
    drop(AFTER)
    with op.batch_alter_table(TICKETS, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_support_tickets_source'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_support_tickets_source'), sources(*SOURCES))
        batch_op.drop_constraint(batch_op.f('ck_support_tickets_desk'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_support_tickets_handler_id'), type_='foreignkey')
        batch_op.drop_column('handler_id')
        batch_op.drop_column('desk')
    create(BEFORE)
    op.drop_table('ticket_escalations')
    op.drop_table('desk_rules')
    op.drop_table('canned_replies')
