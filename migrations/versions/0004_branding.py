"""branding: a builder's look with its versions and pictures, hosts, and sender of letters"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('brand_images',
    sa.Column('upload_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.String(length=8), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('storage_key', sa.String(length=32), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_brand_images_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_brand_images'))
    )
    with op.batch_alter_table('brand_images', schema=None) as batch_op:
        batch_op.create_index('ix_brand_images_digest', ['builder_id', 'digest'], unique=False)
        batch_op.create_index('ix_brand_images_storage_key', ['storage_key'], unique=False)
        batch_op.create_index('ix_brand_images_upload', ['builder_id', 'upload_id'], unique=False)

    op.create_table('brand_versions',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('look', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('restored', sa.Integer(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_brand_versions_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_brand_versions')),
    sa.UniqueConstraint('builder_id', 'number', name=op.f('uq_brand_versions_builder_id_number'))
    )
    op.create_table('brands',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('look', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('changed_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_brands_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_brands')),
    sa.UniqueConstraint('builder_id', name=op.f('uq_brands_builder_id'))
    )
    op.create_table('domains',
    sa.Column('host', sa.String(length=253), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('found', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('checked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('verified_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('next_check_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'verified', 'failed', 'lapsed')", name=op.f('ck_domains_state')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_domains_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_domains')),
    sa.UniqueConstraint('builder_id', 'host', name=op.f('uq_domains_builder_id_host'))
    )
    with op.batch_alter_table('domains', schema=None) as batch_op:
        batch_op.create_index('ix_domains_due', ['next_check_at'], unique=False)
        batch_op.create_index('ux_domains_primary', ['builder_id'], unique=True, sqlite_where=sa.text('is_primary'), postgresql_where=sa.text('is_primary'))
        batch_op.create_index('ux_domains_verified', ['host'], unique=True, sqlite_where=sa.text("state = 'verified'"), postgresql_where=sa.text("state = 'verified'"))

    op.create_table('mail_senders',
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('found', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('checked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('verified_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('next_check_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'verified', 'failed', 'lapsed')", name=op.f('ck_mail_senders_state')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_mail_senders_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_senders')),
    sa.UniqueConstraint('builder_id', name=op.f('uq_mail_senders_builder_id'))
    )
    with op.batch_alter_table('mail_senders', schema=None) as batch_op:
        batch_op.create_index('ix_mail_senders_due', ['next_check_at'], unique=False)


def downgrade() -> None:
    op.drop_table('mail_senders')
    op.drop_table('domains')
    op.drop_table('brands')
    op.drop_table('brand_versions')
    op.drop_table('brand_images')
