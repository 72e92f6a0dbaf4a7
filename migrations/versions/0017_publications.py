"""tickets: those that are published in the forum, and the consent to it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"  # as in 0008


def upgrade() -> None:
    op.create_table('ticket_publications',
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('category', sa.String(length=50), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('pictures', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('asked_by_name', sa.String(length=120), nullable=False),
    sa.Column('asked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_by_name', sa.String(length=120), nullable=False),
    sa.Column('answered_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.String(length=500), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('ended_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'published', 'withdrawn')", name=op.f('ck_ticket_publications_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_ticket_publications_answered_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['users.id'], name=op.f('fk_ticket_publications_asked_by')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_ticket_publications_builder_id')),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_ticket_publications_post_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['support_tickets.id'], name=op.f('fk_ticket_publications_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_publications'))
    )
    op.create_index('ix_ticket_publications_of', 'ticket_publications', ['ticket_id', 'asked_at', 'id'])
    op.create_index('ix_ticket_publications_open', 'ticket_publications', ['ticket_id'], unique=True, sqlite_where=sa.text("state IN ('asked', 'granted', 'published')"), postgresql_where=sa.text("state IN ('asked', 'granted', 'published')"))
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE ticket_publications ENABLE ROW LEVEL SECURITY')
        op.execute('ALTER TABLE ticket_publications FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY own_rows ON ticket_publications USING ({OWN}) WITH CHECK ({OWN})')


def downgrade() -> None:
    op.drop_table('ticket_publications')
