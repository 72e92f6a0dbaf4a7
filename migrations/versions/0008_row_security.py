"""row_security: PostgreSQL itself keeps one tenant's rows from another's transactions"""

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

# Every table of a `Tenanted` model. One that comes later gets its policy where it is made:
# tests/conventions/test_row_security.py compares them with the models.
TENANTED = (
    'api_tokens',
    'audit_entries',
    'brand_images',
    'brand_versions',
    'brands',
    'canned_replies',
    'desk_rules',
    'email_domains',
    'domains',
    'emergency_windows',
    'erasures',
    'invitations',
    'mail_senders',
    'retention_rules',
    'spent_widget_tokens',
    'sso_connections',
    'sso_identities',
    'sso_logins',
    'support_tickets',
    'ticket_attachments',
    'ticket_checks',
    'ticket_clocks',
    'ticket_drafts',
    'ticket_escalations',
    'ticket_events',
    'ticket_message_versions',
    'ticket_messages',
    'ticket_pages',
    'ticket_steps',
    'widget_keys',
)
# the sub-select is read once a statement, not once a row; unset or NULL shows nothing
OWN = "(SELECT current_setting('corbel.tenant', true)) IN ('platform', builder_id::text)"


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in TENANTED:
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE {table} FORCE ROW LEVEL SECURITY')  # for the owner, too
        op.execute(f'CREATE POLICY own_rows ON {table} USING ({OWN}) WITH CHECK ({OWN})')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in reversed(TENANTED):
        op.execute(f'DROP POLICY own_rows ON {table}')
        op.execute(f'ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE {table} DISABLE ROW LEVEL SECURITY')
