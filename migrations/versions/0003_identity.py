"""identity: lockout, links, invitations, second factors, scopes and widget keys"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import portal.foundation.db

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

SCOPES = ['tickets:read', 'tickets:write']  # all that there were: tokens from before keep them
ROLES = "role IN ('owner', 'admin', 'pm', 'field', 'client', 'vendor', 'guest', 'agent', 'manager', 'platform_admin', 'system')"


def moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, portal.foundation.db.UtcDateTime(timezone=True), nullable=nullable)


def json(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(moment('email_verified_at', nullable=True))
    with op.batch_alter_table('logins', schema=None) as batch_op:
        batch_op.add_column(moment('last_seen_at', nullable=True))
        batch_op.add_column(moment('second_factor_at', nullable=True))
        batch_op.add_column(sa.Column('network', sa.String(length=45), nullable=False, server_default=''))
    with op.batch_alter_table('logins', schema=None) as batch_op:
        batch_op.alter_column('network', server_default=None)
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.add_column(json('scopes', nullable=True))
        batch_op.add_column(moment('expires_at', nullable=True))
        batch_op.add_column(moment('last_used_at', nullable=True))
    tokens = sa.table('api_tokens', json('scopes'))
    op.execute(tokens.update().values(scopes=SCOPES))
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.alter_column('scopes', nullable=False)
    op.create_table('sign_in_tries',
    sa.Column('lane', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    moment('last_at'),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_tries')),
    sa.UniqueConstraint('lane', name=op.f('uq_sign_in_tries_lane'))
    )
    op.create_table('account_links',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('portal_id', sa.Uuid(), nullable=True),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    moment('created_at'),
    moment('expires_at'),
    moment('used_at', nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['portal_id'], ['builders.id'], name=op.f('fk_account_links_portal_id_builders')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_account_links_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_links')),
    sa.UniqueConstraint('digest', name=op.f('uq_account_links_digest'))
    )
    op.create_table('invitations',
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    json('duties'),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('invited_by', sa.Uuid(), nullable=True),
    moment('created_at'),
    moment('expires_at'),
    moment('accepted_at', nullable=True),
    moment('revoked_at', nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint(ROLES, name=op.f('ck_invitations_role')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_invitations_builder_id_builders')),
    sa.ForeignKeyConstraint(['invited_by'], ['users.id'], name=op.f('fk_invitations_invited_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('digest', name=op.f('uq_invitations_digest'))
    )
    op.create_table('second_factors',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    moment('created_at'),
    moment('confirmed_at', nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factors_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factors')),
    sa.UniqueConstraint('user_id', name=op.f('uq_second_factors_user_id'))
    )
    op.create_table('recovery_codes',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    moment('used_at', nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('user_id', 'digest', name=op.f('uq_recovery_codes_user_id_digest'))
    )
    op.create_table('widget_keys',
    sa.Column('kid', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    moment('created_at'),
    moment('expires_at', nullable=True),
    moment('revoked_at', nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_widget_keys_builder_id_builders')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_widget_keys_created_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_widget_keys')),
    sa.UniqueConstraint('kid', name=op.f('uq_widget_keys_kid'))
    )
    op.create_table('spent_widget_tokens',
    sa.Column('digest', sa.String(length=64), nullable=False),
    moment('expires_at'),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_spent_widget_tokens_builder_id_builders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spent_widget_tokens')),
    sa.UniqueConstraint('builder_id', 'digest', name=op.f('uq_spent_widget_tokens_builder_id_digest'))
    )
    open_ones = sa.text('accepted_at IS NULL AND revoked_at IS NULL')
    op.create_index(op.f('ix_sign_in_tries_last_at'), 'sign_in_tries', ['last_at'])
    op.create_index('ix_account_links_of_user', 'account_links', ['user_id', 'created_at'])
    op.create_index(op.f('ix_account_links_expires_at'), 'account_links', ['expires_at'])
    op.create_index('ix_invitations_open', 'invitations', ['builder_id', 'created_at', 'id'], sqlite_where=open_ones, postgresql_where=open_ones)
    op.create_index('ix_widget_keys_of_builder', 'widget_keys', ['builder_id', 'created_at', 'id'])
    op.create_index(op.f('ix_spent_widget_tokens_expires_at'), 'spent_widget_tokens', ['expires_at'])


def downgrade() -> None:
    for table in ('spent_widget_tokens', 'widget_keys', 'recovery_codes', 'second_factors', 'invitations', 'account_links', 'sign_in_tries'):
        op.drop_table(table)
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.drop_column('last_used_at')
        batch_op.drop_column('expires_at')
        batch_op.drop_column('scopes')
    with op.batch_alter_table('logins', schema=None) as batch_op:
        batch_op.drop_column('network')
        batch_op.drop_column('second_factor_at')
        batch_op.drop_column('last_seen_at')
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('email_verified_at')
