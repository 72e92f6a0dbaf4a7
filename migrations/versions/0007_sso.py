"""sso: connections to identity providers, whom they know, and proven e-mail domains"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sso_spent',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sso_spent')),
    sa.UniqueConstraint('digest', name=op.f('uq_sso_spent_digest'))
    )
    with op.batch_alter_table('sso_spent', schema=None) as batch_op:
        batch_op.create_index('ix_sso_spent_at', ['at'], unique=False)
    op.create_table('email_domains',
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('asked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('proven_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('proven_by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_email_domains_builder_id')),
    sa.ForeignKeyConstraint(['proven_by'], ['users.id'], name=op.f('fk_email_domains_proven_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_email_domains')),
    sa.UniqueConstraint('builder_id', 'domain', name=op.f('uq_email_domains_builder_id_domain'))
    )
    with op.batch_alter_table('email_domains', schema=None) as batch_op:
        batch_op.create_index('uq_email_domains_proven', ['domain'], unique=True, sqlite_where=sa.text('proven_at IS NOT NULL'), postgresql_where=sa.text('proven_at IS NOT NULL'))
    op.create_table('sso_connections',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('client_id', sa.String(length=200), nullable=False),
    sa.Column('sealed_secret', sa.String(length=1000), nullable=False),
    sa.Column('scopes', sa.String(length=200), nullable=False),
    sa.Column('domains', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('audiences', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('portal_role', sa.String(length=20), nullable=False),
    sa.Column('claim', sa.String(length=80), nullable=False),
    sa.Column('roles', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('enforced', sa.Boolean(), nullable=False),
    sa.Column('enabled_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_sso_connections_builder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sso_connections'))
    )
    with op.batch_alter_table('sso_connections', schema=None) as batch_op:
        batch_op.create_index('ix_sso_connections_builder_id', ['builder_id'], unique=False)
    op.create_table('sso_identities',
    sa.Column('connection_id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('linked_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_sso_identities_builder_id')),
    sa.ForeignKeyConstraint(['connection_id'], ['sso_connections.id'], name=op.f('fk_sso_identities_connection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sso_identities_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sso_identities')),
    sa.UniqueConstraint('connection_id', 'subject', name=op.f('uq_sso_identities_connection_id_subject'))
    )
    with op.batch_alter_table('sso_identities', schema=None) as batch_op:
        batch_op.create_index('ix_sso_identities_user_id', ['user_id'], unique=False)
    op.create_table('sso_logins',
    sa.Column('login_id', sa.Uuid(), nullable=False),
    sa.Column('identity_id', sa.Uuid(), nullable=False),
    sa.Column('provider_session', sa.String(length=255), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_sso_logins_builder_id')),
    sa.ForeignKeyConstraint(['identity_id'], ['sso_identities.id'], name=op.f('fk_sso_logins_identity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['login_id'], ['logins.id'], name=op.f('fk_sso_logins_login_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sso_logins')),
    sa.UniqueConstraint('login_id', name=op.f('uq_sso_logins_login_id'))
    )
    with op.batch_alter_table('sso_logins', schema=None) as batch_op:
        batch_op.create_index('ix_sso_logins_identity_id', ['identity_id'], unique=False)


def downgrade() -> None:
    op.drop_table('sso_logins')
    op.drop_table('sso_identities')
    op.drop_table('sso_connections')
    op.drop_table('email_domains')
    op.drop_table('sso_spent')
