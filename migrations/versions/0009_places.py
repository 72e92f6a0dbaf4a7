"""places: when somebody last came in as what they are to a company"""

import sqlalchemy as sa
from alembic import op

import portal.foundation.db

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'memberships',
        sa.Column('entered_at', portal.foundation.db.UtcDateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_column('entered_at')
