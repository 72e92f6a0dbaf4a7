"""knowledge: articles and their versions, help for screens, search, the widget"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

TENANTED = (
    'guidance_dismissals',
    'guidance_presses',
    'kb_feedback',
    'kb_readings',
    'search_queries',
    'ticket_guest_browsers',
    'widget_sessions',
    'widget_settings',
)
OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"  # as in 0008


def upgrade() -> None:
    op.create_table('guidance_marks',
    sa.Column('value', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_marks'))
    )
    op.create_table('guidance_orientations',
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('steps', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_orientations')),
    sa.UniqueConstraint('module', name=op.f('uq_guidance_orientations_module'))
    )
    op.create_table('guidance_screens',
    sa.Column('page_key', sa.String(length=80), nullable=False),
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('titles', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('topic_ids', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('video_ids', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_screens')),
    sa.UniqueConstraint('page_key', name=op.f('uq_guidance_screens_page_key'))
    )
    with op.batch_alter_table('guidance_screens', schema=None) as batch_op:
        batch_op.create_index('ix_guidance_screens_position', ['position', 'id'], unique=False)

    op.create_table('kb_categories',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('descriptions', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['kb_categories.id'], name=op.f('fk_kb_categories_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_categories')),
    sa.UniqueConstraint('key', name=op.f('uq_kb_categories_key'))
    )
    with op.batch_alter_table('kb_categories', schema=None) as batch_op:
        batch_op.create_index('ix_kb_categories_parent', ['parent_id', 'position'], unique=False)

    op.create_table('search_documents',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=True),
    sa.Column('gates', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('roles', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('category', sa.String(length=200), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('path', sa.String(length=400), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('labels', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('headings', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('analysed', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('is_gone', sa.Boolean(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_documents')),
    sa.UniqueConstraint('kind', 'object_id', 'language', name=op.f('uq_search_documents_kind_object_id_language')),
    sa.UniqueConstraint('seq', name=op.f('uq_search_documents_seq'))
    )
    with op.batch_alter_table('search_documents', schema=None) as batch_op:
        batch_op.create_index('ix_search_documents_gone', ['seq'], unique=False, sqlite_where=sa.text('is_gone'), postgresql_where=sa.text('is_gone'))

    op.create_table('search_terms',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('terms', sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql'), nullable=False),
    sa.Column('filler', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['search_documents.id'], name=op.f('fk_search_terms_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_search_terms'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        # numbers are read by the thousand, and terms never: they lie apart
        op.execute('ALTER TABLE search_terms SET (toast_tuple_target = 128)')
        op.execute('ALTER TABLE search_terms ALTER filler SET STORAGE MAIN')
    with op.batch_alter_table('search_terms', schema=None) as batch_op:
        batch_op.create_index('ix_search_terms_terms', ['terms'], unique=False, postgresql_using='gin')

    op.create_table('search_synonyms',
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('words', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_synonyms'))
    )
    with op.batch_alter_table('search_synonyms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_synonyms_language'), ['language'], unique=False)

    op.create_table('search_words',
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('word', sa.String(length=60), nullable=False),
    sa.Column('stem', sa.String(length=60), nullable=False),
    sa.Column('shown', sa.String(length=60), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('language', 'word', name=op.f('pk_search_words'))
    )
    with op.batch_alter_table('search_words', schema=None) as batch_op:
        batch_op.create_index('ix_search_words_stem', ['language', 'stem'], unique=False)

    op.create_table('gaps_settled',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=400), nullable=False),
    sa.Column('fate', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("fate IN ('done', 'dismissed')", name=op.f('ck_gaps_settled_fate')),
    sa.CheckConstraint("kind IN ('nothing_found', 'not_opened', 'unhelpful', 'asked_after', 'no_help')", name=op.f('ck_gaps_settled_kind')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_gaps_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gaps_settled')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_gaps_settled_kind_key'))
    )
    op.create_table('guidance_dismissals',
    sa.Column('orientation_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_guidance_dismissals_builder_id')),
    sa.ForeignKeyConstraint(['orientation_id'], ['guidance_orientations.id'], name=op.f('fk_guidance_dismissals_orientation_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_guidance_dismissals_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_dismissals')),
    sa.UniqueConstraint('user_id', 'orientation_id', name=op.f('uq_guidance_dismissals_user_id_orientation_id'))
    )
    op.create_table('guidance_page_rules',
    sa.Column('screen_id', sa.Uuid(), nullable=False),
    sa.Column('pattern', sa.String(length=300), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['screen_id'], ['guidance_screens.id'], name=op.f('fk_guidance_page_rules_screen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_page_rules')),
    sa.UniqueConstraint('pattern', name=op.f('uq_guidance_page_rules_pattern'))
    )
    with op.batch_alter_table('guidance_page_rules', schema=None) as batch_op:
        batch_op.create_index('ix_guidance_page_rules_of_screen', ['screen_id', 'position'], unique=False)

    op.create_table('guidance_presses',
    sa.Column('page_key', sa.String(length=80), nullable=False),
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('visitor', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('plan', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_guidance_presses_builder_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_guidance_presses_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_presses'))
    )
    with op.batch_alter_table('guidance_presses', schema=None) as batch_op:
        batch_op.create_index('ix_guidance_presses_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_guidance_presses_empty', ['page_key', 'at'], unique=False, sqlite_where=sa.text('shown = 0'), postgresql_where=sa.text('shown = 0'))
        batch_op.create_index(batch_op.f('ix_guidance_presses_user_id'), ['user_id'], unique=False)

    op.create_table('kb_files',
    sa.Column('filename', sa.String(length=160), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('storage_key', sa.String(length=200), nullable=False),
    sa.Column('preview_key', sa.String(length=200), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('original_id', sa.Uuid(), nullable=True),
    sa.Column('annotations', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('source', sa.String(length=400), nullable=True),
    sa.Column('uploaded_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['original_id'], ['kb_files.id'], name=op.f('fk_kb_files_original_id')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['users.id'], name=op.f('fk_kb_files_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_files'))
    )
    with op.batch_alter_table('kb_files', schema=None) as batch_op:
        batch_op.create_index('ix_kb_files_sha256', ['sha256'], unique=False)
        batch_op.create_index('ix_kb_files_storage_key', ['storage_key'], unique=False)

    op.create_table('search_queries',
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('folded', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.Column('surface', sa.String(length=12), nullable=False),
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('visitor', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('plan', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('opened', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_search_queries_builder_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_search_queries_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_queries'))
    )
    with op.batch_alter_table('search_queries', schema=None) as batch_op:
        batch_op.create_index('ix_search_queries_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_search_queries_empty', ['at', 'folded'], unique=False, sqlite_where=sa.text('hits = 0'), postgresql_where=sa.text('hits = 0'))
        batch_op.create_index('ix_search_queries_of_visitor', ['visitor', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_queries_user_id'), ['user_id'], unique=False)

    op.create_table('widget_settings',
    sa.Column('origins', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('guests_allowed', sa.Boolean(), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_widget_settings_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_widget_settings')),
    sa.UniqueConstraint('builder_id', name=op.f('uq_widget_settings_builder_id'))
    )
    op.create_table('kb_videos',
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('module_tag', sa.String(length=50), nullable=False),
    sa.Column('workflow', sa.String(length=80), nullable=False),
    sa.Column('role_tags', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('audience', sa.String(length=12), nullable=False),
    sa.Column('provider', sa.String(length=10), nullable=False),
    sa.Column('external_id', sa.String(length=80), nullable=False),
    sa.Column('poster_id', sa.Uuid(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("audience IN ('public', 'customers', 'staff')", name=op.f('ck_kb_videos_audience')),
    sa.CheckConstraint("provider IN ('file', 'youtube', 'vimeo')", name=op.f('ck_kb_videos_provider')),
    sa.ForeignKeyConstraint(['poster_id'], ['kb_files.id'], name=op.f('fk_kb_videos_poster_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_videos')),
    sa.UniqueConstraint('slug', name=op.f('uq_kb_videos_slug'))
    )
    with op.batch_alter_table('kb_videos', schema=None) as batch_op:
        batch_op.create_index('ix_kb_videos_of_module', ['module_tag', 'position', 'id'], unique=False)

    op.create_table('widget_sessions',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('membership_id', sa.Uuid(), nullable=True),
    sa.Column('key_id', sa.Uuid(), nullable=True),
    sa.Column('visitor', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=300), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_widget_sessions_builder_id')),
    sa.ForeignKeyConstraint(['key_id'], ['widget_keys.id'], name=op.f('fk_widget_sessions_key_id')),
    sa.ForeignKeyConstraint(['membership_id'], ['memberships.id'], name=op.f('fk_widget_sessions_membership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_widget_sessions')),
    sa.UniqueConstraint('digest', name=op.f('uq_widget_sessions_digest'))
    )
    with op.batch_alter_table('widget_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_widget_sessions_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_widget_sessions_key_id'), ['key_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_widget_sessions_membership_id'), ['membership_id'], unique=False)

    op.create_table('kb_topics',
    sa.Column('category_id', sa.Uuid(), nullable=True),
    sa.Column('module_tag', sa.String(length=50), nullable=False),
    sa.Column('role_tags', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('audience', sa.String(length=12), nullable=False),
    sa.Column('platform_version', sa.String(length=20), nullable=False),
    sa.Column('original_language', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('video_id', sa.Uuid(), nullable=True),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('review_by', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('source', sa.String(length=400), nullable=True),
    sa.Column('source_ticket_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("audience IN ('public', 'customers', 'staff')", name=op.f('ck_kb_topics_audience')),
    sa.ForeignKeyConstraint(['category_id'], ['kb_categories.id'], name=op.f('fk_kb_topics_category_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_kb_topics_owner_id')),
    sa.ForeignKeyConstraint(['source_ticket_id'], ['support_tickets.id'], name=op.f('fk_kb_topics_source_ticket_id')),
    sa.ForeignKeyConstraint(['video_id'], ['kb_videos.id'], name=op.f('fk_kb_topics_video_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_topics')),
    sa.UniqueConstraint('source', name=op.f('uq_kb_topics_source'))
    )
    with op.batch_alter_table('kb_topics', schema=None) as batch_op:
        batch_op.create_index('ix_kb_topics_of_category', ['category_id', 'position', 'id'], unique=False)
        batch_op.create_index('ix_kb_topics_of_module', ['module_tag', 'audience', 'position', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kb_topics_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_kb_topics_review', ['review_by'], unique=False, sqlite_where=sa.text('review_by IS NOT NULL'), postgresql_where=sa.text('review_by IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_kb_topics_source_ticket_id'), ['source_ticket_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kb_topics_video_id'), ['video_id'], unique=False)

    op.create_table('kb_video_texts',
    sa.Column('video_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('chapters', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('cues', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('transcript', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=True),
    sa.Column('captions_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['captions_id'], ['kb_files.id'], name=op.f('fk_kb_video_texts_captions_id')),
    sa.ForeignKeyConstraint(['file_id'], ['kb_files.id'], name=op.f('fk_kb_video_texts_file_id')),
    sa.ForeignKeyConstraint(['video_id'], ['kb_videos.id'], name=op.f('fk_kb_video_texts_video_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_video_texts')),
    sa.UniqueConstraint('video_id', 'language', name=op.f('uq_kb_video_texts_video_id_language'))
    )
    op.create_table('ticket_guest_browsers',
    sa.Column('visitor', sa.String(length=64), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_ticket_guest_browsers_builder_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['support_tickets.id'], name=op.f('fk_ticket_guest_browsers_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_guest_browsers')),
    sa.UniqueConstraint('visitor', 'ticket_id', name=op.f('uq_ticket_guest_browsers_visitor_ticket_id'))
    )
    with op.batch_alter_table('ticket_guest_browsers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_guest_browsers_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('guidance_terms',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('module', sa.String(length=50), nullable=False),
    sa.Column('texts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('topic_id', sa.Uuid(), nullable=True),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['kb_topics.id'], name=op.f('fk_guidance_terms_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_terms')),
    sa.UniqueConstraint('key', name=op.f('uq_guidance_terms_key'))
    )
    with op.batch_alter_table('guidance_terms', schema=None) as batch_op:
        batch_op.create_index('ix_guidance_terms_of_module', ['module', 'key'], unique=False)

    op.create_table('kb_articles',
    sa.Column('topic_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('labels', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('translated_from', sa.Integer(), nullable=True),
    sa.Column('view_count', sa.Integer(), nullable=False),
    sa.Column('helpful_count', sa.Integer(), nullable=False),
    sa.Column('not_helpful_count', sa.Integer(), nullable=False),
    sa.Column('published_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('worked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('outline', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['kb_topics.id'], name=op.f('fk_kb_articles_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_articles')),
    sa.UniqueConstraint('language', 'slug', name=op.f('uq_kb_articles_language_slug')),
    sa.UniqueConstraint('topic_id', 'language', name=op.f('uq_kb_articles_topic_id_language'))
    )
    with op.batch_alter_table('kb_articles', schema=None) as batch_op:
        batch_op.create_index('ix_kb_articles_published', ['language', 'published_at', 'id', 'is_published'], unique=False)
        batch_op.create_index('ix_kb_articles_read', ['language', 'is_published', 'view_count'], unique=False)
        batch_op.create_index('ix_kb_articles_worked', ['worked_at', 'id'], unique=False)

    op.create_table('kb_drafts',
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('base_number', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('labels', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('translated_from', sa.Integer(), nullable=True),
    sa.Column('restored', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('updated_by', sa.Uuid(), nullable=True),
    sa.Column('updated_by_name', sa.String(length=120), nullable=False),
    sa.Column('updated_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'in_review', 'removed')", name=op.f('ck_kb_drafts_state')),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_drafts_article_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['users.id'], name=op.f('fk_kb_drafts_submitted_by')),
    sa.ForeignKeyConstraint(['updated_by'], ['users.id'], name=op.f('fk_kb_drafts_updated_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_drafts')),
    sa.UniqueConstraint('article_id', name=op.f('uq_kb_drafts_article_id'))
    )
    with op.batch_alter_table('kb_drafts', schema=None) as batch_op:
        batch_op.create_index('ix_kb_drafts_state', ['state', 'updated_at', 'id'], unique=False)

    op.create_table('kb_feedback',
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('comment', sa.String(length=2000), nullable=False),
    sa.Column('visitor', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('plan', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('surface', sa.String(length=12), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("reason IN ('', 'outdated', 'unclear', 'incomplete', 'not_my_question', 'does_not_work')", name=op.f('ck_kb_feedback_reason')),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_feedback_article_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_kb_feedback_builder_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_kb_feedback_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_feedback')),
    sa.UniqueConstraint('article_id', 'visitor', name=op.f('uq_kb_feedback_article_id_visitor'))
    )
    with op.batch_alter_table('kb_feedback', schema=None) as batch_op:
        batch_op.create_index('ix_kb_feedback_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_kb_feedback_of_article', ['article_id', 'at'], unique=False)
        batch_op.create_index('ix_kb_feedback_of_user', ['user_id'], unique=False, sqlite_where=sa.text('user_id IS NOT NULL'), postgresql_where=sa.text('user_id IS NOT NULL'))

    op.create_table('kb_file_uses',
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_file_uses_article_id')),
    sa.ForeignKeyConstraint(['file_id'], ['kb_files.id'], name=op.f('fk_kb_file_uses_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_file_uses')),
    sa.UniqueConstraint('file_id', 'article_id', name=op.f('uq_kb_file_uses_file_id_article_id'))
    )
    with op.batch_alter_table('kb_file_uses', schema=None) as batch_op:
        batch_op.create_index('ix_kb_file_uses_of_article', ['article_id'], unique=False)

    op.create_table('kb_links',
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('target', sa.String(length=500), nullable=False),
    sa.Column('topic_id', sa.Uuid(), nullable=True),
    sa.Column('anchor', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_links_article_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['kb_topics.id'], name=op.f('fk_kb_links_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_links')),
    sa.UniqueConstraint('article_id', 'target', name=op.f('uq_kb_links_article_id_target'))
    )
    with op.batch_alter_table('kb_links', schema=None) as batch_op:
        batch_op.create_index('ix_kb_links_of_topic', ['topic_id'], unique=False)

    op.create_table('kb_readings',
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('visitor', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('plan', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('surface', sa.String(length=12), nullable=False),
    sa.Column('page_key', sa.String(length=80), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("surface IN ('page', 'search', 'widget', 'ticket_form', 'portal', 'api')", name=op.f('ck_kb_readings_surface')),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_readings_article_id')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_kb_readings_builder_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['support_tickets.id'], name=op.f('fk_kb_readings_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_kb_readings_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_readings'))
    )
    with op.batch_alter_table('kb_readings', schema=None) as batch_op:
        batch_op.create_index('ix_kb_readings_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_kb_readings_of_article', ['article_id', 'at'], unique=False)
        batch_op.create_index('ix_kb_readings_of_user', ['user_id', 'at'], unique=False, sqlite_where=sa.text('user_id IS NOT NULL'), postgresql_where=sa.text('user_id IS NOT NULL'))
        batch_op.create_index('ix_kb_readings_of_visitor', ['visitor', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_kb_readings_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('kb_redirects',
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_redirects_article_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_redirects')),
    sa.UniqueConstraint('language', 'slug', name=op.f('uq_kb_redirects_language_slug'))
    )
    with op.batch_alter_table('kb_redirects', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kb_redirects_article_id'), ['article_id'], unique=False)

    op.create_table('kb_versions',
    sa.Column('article_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('labels', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('platform_version', sa.String(length=20), nullable=False),
    sa.Column('translated_from', sa.Integer(), nullable=True),
    sa.Column('restored', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['kb_articles.id'], name=op.f('fk_kb_versions_article_id')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_kb_versions_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kb_versions')),
    sa.UniqueConstraint('article_id', 'number', name=op.f('uq_kb_versions_article_id_number'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        for table in TENANTED:
            op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY')
            op.execute(f'ALTER TABLE {table} FORCE ROW LEVEL SECURITY')
            op.execute(f'CREATE POLICY own_rows ON {table} USING ({OWN}) WITH CHECK ({OWN})')


def downgrade() -> None:
    op.drop_table('kb_versions')
    op.drop_table('kb_redirects')
    op.drop_table('kb_readings')
    op.drop_table('kb_links')
    op.drop_table('kb_file_uses')
    op.drop_table('kb_feedback')
    op.drop_table('kb_drafts')
    op.drop_table('kb_articles')
    op.drop_table('guidance_terms')
    op.drop_table('ticket_guest_browsers')
    op.drop_table('kb_video_texts')
    op.drop_table('kb_topics')
    op.drop_table('widget_sessions')
    op.drop_table('kb_videos')
    op.drop_table('widget_settings')
    op.drop_table('search_queries')
    op.drop_table('kb_files')
    op.drop_table('guidance_presses')
    op.drop_table('guidance_page_rules')
    op.drop_table('guidance_dismissals')
    op.drop_table('gaps_settled')
    op.drop_table('search_words')
    op.drop_table('search_synonyms')
    op.drop_table('search_terms')
    op.drop_table('search_documents')
    op.drop_table('kb_categories')
    op.drop_table('guidance_screens')
    op.drop_table('guidance_orientations')
    op.drop_table('guidance_marks')
