"""community: drafts of more than tickets, the forum"""

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
    op.create_table('forum_digests',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('rhythm', sa.String(length=10), nullable=False),
    sa.Column('since', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('next_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("rhythm IN ('daily', 'weekly', 'never')", name=op.f('ck_forum_digests_rhythm')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_forum_digests_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_digests')),
    sa.UniqueConstraint('user_id', name=op.f('uq_forum_digests_user_id'))
    )
    with op.batch_alter_table('forum_digests', schema=None) as batch_op:
        batch_op.create_index('ix_forum_digests_due', ['next_at'], unique=False, sqlite_where=sa.text('next_at IS NOT NULL'), postgresql_where=sa.text('next_at IS NOT NULL'))

    op.create_table('written_pictures',
    sa.Column('uploaded_by', sa.Uuid(), nullable=True),
    sa.Column('shown_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('filename', sa.String(length=160), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('storage_key', sa.String(length=200), nullable=False),
    sa.Column('preview_key', sa.String(length=200), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['uploaded_by'], ['users.id'], name=op.f('fk_written_pictures_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_written_pictures'))
    )
    with op.batch_alter_table('written_pictures', schema=None) as batch_op:
        batch_op.create_index('ix_written_pictures_loose', ['created_at'], unique=False, sqlite_where=sa.text('shown_at IS NULL'), postgresql_where=sa.text('shown_at IS NULL'))
        batch_op.create_index('ix_written_pictures_storage_key', ['storage_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_written_pictures_uploaded_by'), ['uploaded_by'], unique=False)

    op.create_table('forum_posts',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('category', sa.String(length=50), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('reply_count', sa.Integer(), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('pinned_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('locked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('verified_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('staff_replied_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('active_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_name', sa.String(length=120), nullable=False),
    sa.Column('merged_into_id', sa.Uuid(), nullable=True),
    sa.Column('source_ticket_id', sa.Uuid(), nullable=True),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author_name', sa.String(length=120), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('is_staff', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('upvote_count', sa.Integer(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('edited_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('removed_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('removed_by_name', sa.String(length=120), nullable=False),
    sa.Column('removed_because', sa.String(length=300), nullable=False),
    sa.Column('held_because', sa.String(length=12), nullable=False),
    sa.Column('submission_key', sa.String(length=64), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('question', 'discussion')", name=op.f('ck_forum_posts_kind')),
    sa.CheckConstraint("state IN ('published', 'held', 'removed', 'merged')", name=op.f('ck_forum_posts_state')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_forum_posts_author_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_forum_posts_builder_id')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['forum_posts.id'], name=op.f('fk_forum_posts_merged_into_id')),
    sa.ForeignKeyConstraint(['source_ticket_id'], ['support_tickets.id'], name=op.f('fk_forum_posts_source_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_posts')),
    sa.UniqueConstraint('number', name=op.f('uq_forum_posts_number')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_forum_posts_submission_key'))
    )
    with op.batch_alter_table('forum_posts', schema=None) as batch_op:
        batch_op.create_index('ix_forum_posts_active', ['state', 'active_at', 'id'], unique=False)
        batch_op.create_index('ix_forum_posts_active_in', ['category', 'state', 'active_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_forum_posts_builder_id'), ['builder_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_forum_posts_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index('ix_forum_posts_held', ['created_at', 'id'], unique=False, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.create_index('ix_forum_posts_new', ['state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_forum_posts_new_in', ['category', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_forum_posts_of_author', ['author_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_forum_posts_open', ['created_at', 'id'], unique=False, sqlite_where=sa.text("kind = 'question' AND state = 'published' AND answered_at IS NULL"), postgresql_where=sa.text("kind = 'question' AND state = 'published' AND answered_at IS NULL"))
        batch_op.create_index('ix_forum_posts_open_in', ['category', 'created_at', 'id'], unique=False, sqlite_where=sa.text("kind = 'question' AND state = 'published' AND answered_at IS NULL"), postgresql_where=sa.text("kind = 'question' AND state = 'published' AND answered_at IS NULL"))
        batch_op.create_index('ix_forum_posts_pinned', ['state', 'pinned_at'], unique=False, sqlite_where=sa.text('pinned_at IS NOT NULL'), postgresql_where=sa.text('pinned_at IS NOT NULL'))
        batch_op.create_index('ix_forum_posts_pinned_in', ['category', 'state', 'pinned_at'], unique=False, sqlite_where=sa.text('pinned_at IS NOT NULL'), postgresql_where=sa.text('pinned_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_forum_posts_source_ticket_id'), ['source_ticket_id'], unique=False)
        batch_op.create_index('ix_forum_posts_top', ['state', 'upvote_count', 'id'], unique=False)
        batch_op.create_index('ix_forum_posts_top_in', ['category', 'state', 'upvote_count', 'id'], unique=False)

    op.create_table('forum_follows',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('category', sa.String(length=50), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(post_id IS NULL) <> (category IS NULL)', name=op.f('ck_forum_follows_one')),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_forum_follows_post_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_forum_follows_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_follows')),
    sa.UniqueConstraint('user_id', 'category', name=op.f('uq_forum_follows_user_id_category')),
    sa.UniqueConstraint('user_id', 'post_id', name=op.f('uq_forum_follows_user_id_post_id'))
    )
    with op.batch_alter_table('forum_follows', schema=None) as batch_op:
        batch_op.create_index('ix_forum_follows_of_category', ['category', 'user_id'], unique=False)
        batch_op.create_index('ix_forum_follows_of_post', ['post_id', 'user_id'], unique=False)

    op.create_table('forum_positions',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('read_to', sa.Integer(), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_forum_positions_post_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_forum_positions_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_positions')),
    sa.UniqueConstraint('user_id', 'post_id', name=op.f('uq_forum_positions_user_id_post_id'))
    )
    with op.batch_alter_table('forum_positions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_forum_positions_post_id'), ['post_id'], unique=False)

    op.create_table('forum_replies',
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('accepted_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('verified_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('verified_by_name', sa.String(length=120), nullable=False),
    sa.Column('became_id', sa.Uuid(), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author_name', sa.String(length=120), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.Column('is_staff', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('upvote_count', sa.Integer(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('edited_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('removed_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('removed_by_name', sa.String(length=120), nullable=False),
    sa.Column('removed_because', sa.String(length=300), nullable=False),
    sa.Column('held_because', sa.String(length=12), nullable=False),
    sa.Column('submission_key', sa.String(length=64), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('published', 'held', 'removed', 'merged')", name=op.f('ck_forum_replies_state')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_forum_replies_author_id')),
    sa.ForeignKeyConstraint(['became_id'], ['forum_posts.id'], name=op.f('fk_forum_replies_became_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_forum_replies_builder_id')),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_forum_replies_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_replies')),
    sa.UniqueConstraint('post_id', 'number', name=op.f('uq_forum_replies_post_id_number')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_forum_replies_submission_key'))
    )
    with op.batch_alter_table('forum_replies', schema=None) as batch_op:
        batch_op.create_index('ix_forum_replies_answers', ['post_id'], unique=False, sqlite_where=sa.text('(accepted_at IS NOT NULL OR verified_at IS NOT NULL)'), postgresql_where=sa.text('(accepted_at IS NOT NULL OR verified_at IS NOT NULL)'))
        batch_op.create_index(batch_op.f('ix_forum_replies_became_id'), ['became_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_forum_replies_builder_id'), ['builder_id'], unique=False)
        batch_op.create_index('ix_forum_replies_held', ['created_at', 'id', 'post_id'], unique=False, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.create_index('ix_forum_replies_of_author', ['author_id', 'created_at', 'id'], unique=False)

    op.create_table('forum_flags',
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('reply_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('comment', sa.String(length=500), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by_name', sa.String(length=120), nullable=False),
    sa.Column('upheld', sa.Boolean(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason IN ('spam', 'rude', 'private', 'elsewhere', 'other')", name=op.f('ck_forum_flags_reason')),
    sa.CheckConstraint('(post_id IS NULL) <> (reply_id IS NULL)', name=op.f('ck_forum_flags_one')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_forum_flags_by_id')),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_forum_flags_post_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['forum_replies.id'], name=op.f('fk_forum_flags_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_flags')),
    sa.UniqueConstraint('by_id', 'post_id', name=op.f('uq_forum_flags_by_id_post_id')),
    sa.UniqueConstraint('by_id', 'reply_id', name=op.f('uq_forum_flags_by_id_reply_id'))
    )
    with op.batch_alter_table('forum_flags', schema=None) as batch_op:
        batch_op.create_index('ix_forum_flags_of_post', ['post_id'], unique=False, sqlite_where=sa.text('post_id IS NOT NULL'), postgresql_where=sa.text('post_id IS NOT NULL'))
        batch_op.create_index('ix_forum_flags_of_reply', ['reply_id'], unique=False, sqlite_where=sa.text('reply_id IS NOT NULL'), postgresql_where=sa.text('reply_id IS NOT NULL'))
        batch_op.create_index('ix_forum_flags_open', ['at', 'id'], unique=False, sqlite_where=sa.text('settled_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL'))

    op.create_table('forum_versions',
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('reply_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(post_id IS NULL) <> (reply_id IS NULL)', name=op.f('ck_forum_versions_one')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_forum_versions_by_id')),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_forum_versions_post_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['forum_replies.id'], name=op.f('fk_forum_versions_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_versions'))
    )
    with op.batch_alter_table('forum_versions', schema=None) as batch_op:
        batch_op.create_index('ix_forum_versions_of_post', ['post_id', 'at'], unique=False, sqlite_where=sa.text('post_id IS NOT NULL'), postgresql_where=sa.text('post_id IS NOT NULL'))
        batch_op.create_index('ix_forum_versions_of_reply', ['reply_id', 'at'], unique=False, sqlite_where=sa.text('reply_id IS NOT NULL'), postgresql_where=sa.text('reply_id IS NOT NULL'))

    op.create_table('forum_votes',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('reply_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(post_id IS NULL) <> (reply_id IS NULL)', name=op.f('ck_forum_votes_one')),
    sa.ForeignKeyConstraint(['post_id'], ['forum_posts.id'], name=op.f('fk_forum_votes_post_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['forum_replies.id'], name=op.f('fk_forum_votes_reply_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_forum_votes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forum_votes')),
    sa.UniqueConstraint('user_id', 'post_id', name=op.f('uq_forum_votes_user_id_post_id')),
    sa.UniqueConstraint('user_id', 'reply_id', name=op.f('uq_forum_votes_user_id_reply_id'))
    )
    with op.batch_alter_table('forum_votes', schema=None) as batch_op:
        batch_op.create_index('ix_forum_votes_of_post', ['post_id'], unique=False, sqlite_where=sa.text('post_id IS NOT NULL'), postgresql_where=sa.text('post_id IS NOT NULL'))
        batch_op.create_index('ix_forum_votes_of_reply', ['reply_id'], unique=False, sqlite_where=sa.text('reply_id IS NOT NULL'), postgresql_where=sa.text('reply_id IS NOT NULL'))


def downgrade() -> None:
    op.drop_table('forum_votes')
    op.drop_table('forum_versions')
    op.drop_table('forum_flags')
    op.drop_table('forum_replies')
    op.drop_table('forum_positions')
    op.drop_table('forum_follows')
    op.drop_table('forum_posts')
    op.drop_table('written_pictures')
    op.drop_table('forum_digests')
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
