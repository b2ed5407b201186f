"""Exchange tokens that came of signing in at a tool before they end."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'token_renewal',
        sa.Column('id', storage.types.BigId, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('integration_id', storage.types.BigId, nullable=True),
        sa.Column('account_link_id', storage.types.BigId, nullable=True),
        sa.Column('due_at', moment, nullable=False),
        sa.Column('claimed_until', moment, nullable=True),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name='fk_token_renewal_team_id_team'),
        sa.ForeignKeyConstraint(
            ['integration_id'],
            ['integration.id'],
            name='fk_token_renewal_integration_id_integration',
            ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['account_link_id'],
            ['account_link.id'],
            name='fk_token_renewal_account_link_id_account_link',
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('id', name='pk_token_renewal'),
    )
    for column in ('integration_id', 'account_link_id'):
        op.create_index(f'uq_token_renewal_{column}', 'token_renewal', [column], unique=True)
    op.create_index('ix_token_renewal_due_at', 'token_renewal', ['due_at'])


def downgrade() -> None:
    op.drop_table('token_renewal')
