"""Keep the words of people's names, so that nobody's spelling hides them; tick account links."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from bot.domain.people.account_matching import words_of

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_PAGE = 1000
_TABLES = ('member', 'provider_account')
_BEFORE = "kind IN ('project', 'provider_project')"
_AFTER = "kind IN ('project', 'provider_project', 'account_link')"


def upgrade() -> None:
    for name in _TABLES:
        with op.batch_alter_table(name) as batch:
            batch.add_column(
                sa.Column('name_words', sa.String(length=700), nullable=False, server_default='')
            )
        _fill(name)
        with op.batch_alter_table(name) as batch:
            batch.alter_column('name_words', server_default=None)
    _kinds(_AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM selected WHERE kind = 'account_link'")
    _kinds(_BEFORE)
    for name in _TABLES:
        with op.batch_alter_table(name) as batch:
            batch.drop_column('name_words')


def _kinds(condition: str) -> None:
    with op.batch_alter_table('selected') as batch:
        batch.drop_constraint(op.f('ck_selected_kind'), type_='check')
        batch.create_check_constraint(op.f('ck_selected_kind'), condition)


def _fill(name: str) -> None:
    columns = ('id', 'name', 'name_words')
    people = sa.table(name, *(sa.column(column) for column in columns))
    for rows in _pages(people):
        op.get_bind().execute(
            people.update()
            .where(people.c.id == sa.bindparam('row'))
            .values(name_words=sa.bindparam('words')),
            [{'row': row[0], 'words': ' '.join(words_of(row[1]))[:700]} for row in rows],
        )


def _pages(people: sa.TableClause) -> Iterator[list[tuple[int, str]]]:
    last = 0
    while True:
        query = sa.select(people.c.id, people.c.name).where(people.c.id > last)
        rows = [(row[0], row[1]) for row in op.get_bind().execute(query.order_by(people.c.id).limit(_PAGE))]
        if not rows:
            return
        yield rows
        last = rows[-1][0]
