"""sso_versions: of two who save one connection, the second is told"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sso_connections', sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('sso_connections', schema=None) as batch_op:
        batch_op.alter_column('version', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('sso_connections', schema=None) as batch_op:
        batch_op.drop_column('version')
