"""Keep installations over OAuth: of workspaces, and of whole organisations."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'installation',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(length=32), nullable=False),
        sa.Column('enterprise_id', sa.String(length=32), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('bot_id', sa.String(length=32), nullable=False),
        sa.Column('bot_user_id', sa.String(length=32), nullable=False),
        sa.Column('scopes', sa.Text(), nullable=False),
        sa.Column('sealed_tokens', sa.Text(), nullable=False),
        sa.Column('expires_at', storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column('rotating_until', storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column('installed_by', sa.String(length=32), nullable=False),
        sa.Column('installed_at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_installation')),
    )
    for name, column, where in (
        ('uq_installation_team', 'team_id', "team_id <> ''"),
        ('uq_installation_enterprise', 'enterprise_id', "team_id = ''"),
    ):
        op.create_index(
            name,
            'installation',
            [column],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        'oauth_state',
        sa.Column('state', sa.String(length=64), nullable=False),
        sa.Column('expires_at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('state', name=op.f('pk_oauth_state')),
    )
    op.create_index('ix_oauth_state_expires_at', 'oauth_state', ['expires_at'])
    op.add_column('team', sa.Column('enterprise_id', sa.String(length=32), nullable=True))
    # Nothing was ever kept in it.
    op.drop_column('team', 'sealed_bot_token')


def downgrade() -> None:
    op.add_column('team', sa.Column('sealed_bot_token', sa.Text(), nullable=True))
    op.drop_column('team', 'enterprise_id')
    op.drop_table('oauth_state')
    op.drop_table('installation')
