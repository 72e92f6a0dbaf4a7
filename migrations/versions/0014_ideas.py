"""ideas: what builders wish for, their votes, what is said of it and what became of it"""

import sqlalchemy as sa
from alembic import op

import portal.foundation.db

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

TENANTED = ('feature_request_votes', 'idea_tickets')
OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"  # as in 0008


def upgrade() -> None:
    op.create_table('feature_requests',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('submitted_by_name', sa.String(length=120), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('status_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('vote_count', sa.Integer(), nullable=False),
    sa.Column('comment_count', sa.Integer(), nullable=False),
    sa.Column('heat', sa.Double(), nullable=False),
    sa.Column('category', sa.String(length=50), nullable=False),
    sa.Column('shipped_in_version', sa.String(length=20), nullable=True),
    sa.Column('decline_reason', sa.Text(), nullable=False),
    sa.Column('is_internal', sa.Boolean(), nullable=False),
    sa.Column('merged_into_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('description_html', sa.Text(), nullable=False),
    sa.Column('use_case', sa.Text(), nullable=False),
    sa.Column('use_case_html', sa.Text(), nullable=False),
    sa.CheckConstraint("status IN ('submitted', 'under_review', 'planned', 'in_progress', 'shipped', 'declined')", name=op.f('ck_feature_requests_status')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_feature_requests_builder_id')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['feature_requests.id'], name=op.f('fk_feature_requests_merged_into_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['users.id'], name=op.f('fk_feature_requests_submitted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feature_requests')),
    sa.UniqueConstraint('number', name=op.f('uq_feature_requests_number'))
    )
    op.create_index('ix_feature_requests_builder', 'feature_requests', ['builder_id'])
    op.create_index('ix_feature_requests_merged', 'feature_requests', ['merged_into_id', 'number'], sqlite_where=sa.text('merged_into_id IS NOT NULL'), postgresql_where=sa.text('merged_into_id IS NOT NULL'))
    op.create_index('ix_feature_requests_newest', 'feature_requests', ['created_at', 'id'])
    op.create_index(op.f('ix_feature_requests_submitted_by'), 'feature_requests', ['submitted_by'])
    op.create_index('ix_feature_requests_trending', 'feature_requests', ['heat', 'id'])
    op.create_index('ix_feature_requests_wanted', 'feature_requests', ['vote_count', 'id'])
    op.create_table('feature_request_votes',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('user_name', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('on_behalf_by', sa.Uuid(), nullable=True),
    sa.Column('on_behalf_by_name', sa.String(length=120), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_feature_request_votes_builder_id')),
    sa.ForeignKeyConstraint(['on_behalf_by'], ['users.id'], name=op.f('fk_feature_request_votes_on_behalf_by')),
    sa.ForeignKeyConstraint(['request_id'], ['feature_requests.id'], name=op.f('fk_feature_request_votes_request_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_feature_request_votes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feature_request_votes')),
    sa.UniqueConstraint('request_id', 'builder_id', name=op.f('uq_feature_request_votes_request_id_builder_id'))
    )
    op.create_index('ix_feature_request_votes_of_builder', 'feature_request_votes', ['builder_id', 'created_at', 'id'])
    op.create_index(op.f('ix_feature_request_votes_on_behalf_by'), 'feature_request_votes', ['on_behalf_by'])
    op.create_index('ix_feature_request_votes_newest', 'feature_request_votes', ['request_id', 'created_at', 'id'])
    op.create_index('ix_feature_request_votes_told', 'feature_request_votes', ['request_id', 'user_id'])
    op.create_index(op.f('ix_feature_request_votes_user_id'), 'feature_request_votes', ['user_id'])
    op.create_table('idea_tickets',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('linked_by', sa.Uuid(), nullable=True),
    sa.Column('linked_by_name', sa.String(length=120), nullable=False),
    sa.Column('linked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_idea_tickets_builder_id')),
    sa.ForeignKeyConstraint(['linked_by'], ['users.id'], name=op.f('fk_idea_tickets_linked_by')),
    sa.ForeignKeyConstraint(['request_id'], ['feature_requests.id'], name=op.f('fk_idea_tickets_request_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['support_tickets.id'], name=op.f('fk_idea_tickets_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_tickets')),
    sa.UniqueConstraint('request_id', 'ticket_id', name=op.f('uq_idea_tickets_request_id_ticket_id'))
    )
    op.create_index(op.f('ix_idea_tickets_linked_by'), 'idea_tickets', ['linked_by'])
    op.create_index(op.f('ix_idea_tickets_ticket_id'), 'idea_tickets', ['ticket_id'])
    op.create_table('idea_comments',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author_name', sa.String(length=120), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_idea_comments_author_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_idea_comments_builder_id')),
    sa.ForeignKeyConstraint(['request_id'], ['feature_requests.id'], name=op.f('fk_idea_comments_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_comments'))
    )
    op.create_index(op.f('ix_idea_comments_author_id'), 'idea_comments', ['author_id'])
    op.create_index('ix_idea_comments_of', 'idea_comments', ['request_id', 'created_at', 'id'])
    op.create_table('idea_status_changes',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('from_status', sa.String(length=20), nullable=False),
    sa.Column('to_status', sa.String(length=20), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("from_status IN ('submitted', 'under_review', 'planned', 'in_progress', 'shipped', 'declined')", name=op.f('ck_idea_status_changes_from_status')),
    sa.CheckConstraint("to_status IN ('submitted', 'under_review', 'planned', 'in_progress', 'shipped', 'declined')", name=op.f('ck_idea_status_changes_to_status')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_idea_status_changes_by_id')),
    sa.ForeignKeyConstraint(['request_id'], ['feature_requests.id'], name=op.f('fk_idea_status_changes_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_status_changes'))
    )
    op.create_index(op.f('ix_idea_status_changes_by_id'), 'idea_status_changes', ['by_id'])
    op.create_index('ix_idea_status_changes_of', 'idea_status_changes', ['request_id', 'at', 'id'])
    if op.get_bind().dialect.name == 'postgresql':
        for table in TENANTED:
            op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY')
            op.execute(f'ALTER TABLE {table} FORCE ROW LEVEL SECURITY')
            op.execute(f'CREATE POLICY own_rows ON {table} USING ({OWN}) WITH CHECK ({OWN})')


def downgrade() -> None:
    for table in ('idea_status_changes', 'idea_comments', 'idea_tickets', 'feature_request_votes', 'feature_requests'):
        op.drop_table(table)
