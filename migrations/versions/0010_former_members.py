"""former_members: who was removed from a company, so that they can still be found and forgotten"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.foundation.db
from portal.foundation.ids import uuid7

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

ROLES = ('owner', 'admin', 'pm', 'field', 'client', 'vendor', 'guest', 'agent', 'manager', 'platform_admin', 'system')
OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"  # as in 0008

MOMENT = portal.foundation.db.UtcDateTime(timezone=True)
USERS = sa.table('users', sa.column('id', sa.Uuid()), sa.column('email', sa.String()))
MEMBERSHIPS = sa.table('memberships', sa.column('user_id', sa.Uuid()), sa.column('builder_id', sa.Uuid()))
LOG = sa.table(
    'audit_entries',
    sa.column('builder_id', sa.Uuid()),
    sa.column('act', sa.String()),
    sa.column('about', sa.String()),
    sa.column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')),
    sa.column('at', MOMENT),
)


def upgrade() -> None:
    made = op.create_table('former_members',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('left_at', MOMENT, nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('builder_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint(f"role IN ({', '.join(repr(one) for one in ROLES)})", name=op.f('ck_former_members_role')),
    sa.ForeignKeyConstraint(['builder_id'], ['builders.id'], name=op.f('fk_former_members_builder_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_former_members_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_members')),
    sa.UniqueConstraint('user_id', 'builder_id', name=op.f('uq_former_members_user_id_builder_id'))
    )
    with op.batch_alter_table('former_members', schema=None) as batch_op:
        batch_op.create_index('ix_former_members_of_builder', ['builder_id', 'left_at', 'id'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE former_members ENABLE ROW LEVEL SECURITY')
        op.execute('ALTER TABLE former_members FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY own_rows ON former_members USING ({OWN}) WITH CHECK ({OWN})')
    if known := list(from_the_log()):
        op.bulk_insert(made, known)


def from_the_log():
    """Who was removed before this table was: as far as the audit log says so, by the address that
    they had then."""
    bind = op.get_bind()
    removed = (
        sa.select(USERS.c.id, LOG.c.builder_id, LOG.c.facts, LOG.c.at)
        .join_from(LOG, USERS, USERS.c.email == LOG.c.about)
        .where(LOG.c.act == 'person.removed')
        .order_by(LOG.c.at)
    )
    there = {tuple(row) for row in bind.execute(sa.select(MEMBERSHIPS))}
    last = {(row.id, row.builder_id): row for row in bind.execute(removed)}
    for (user_id, builder_id), row in last.items():
        role = row.facts.get('role')
        if (user_id, builder_id) not in there and role in ROLES:
            yield {'id': uuid7(), 'user_id': user_id, 'builder_id': builder_id, 'role': role, 'left_at': row.at}


def downgrade() -> None:
    op.drop_table('former_members')
