"""A connection to PostgreSQL that waits as seldom as it can.

What needs no answer before the next statement is sent together with it: to wait costs several times
what a statement does. Prepared statements go to libpq itself, at half of what they take through a
cursor. All of psycopg works on the same connection as ever; whatever is due is sent before.

The server plans a prepared statement once, for any values. Left to itself it plans most of them on
every run, which takes it longer than to run them. What is sent in another way is planned as ever.

https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import psycopg
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as NewTransformer
from psycopg.errors import (
    FeatureNotSupported,
    InFailedSqlTransaction,
    InvalidSqlStatementName,
    error_from_result,
)
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.rows import tuple_row
from psycopg.waiting import Ready, Wait

from storage.tx import Asked

if TYPE_CHECKING:
    from typing import Self

    from psycopg.abc import RV, Buffer, PQGen, Transformer
    from psycopg.pq.abc import PGconn, PGresult
    from psycopg.rows import RowFactory

_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
_FORGETTING = ("DROP", "ALTER", "ROLLBACK", "DISCARD ALL", "DEALLOCATE ALL")
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_OUTDATED = (FeatureNotSupported, InvalidSqlStatementName)
"""A table was changed after a statement was prepared for it, or the server forgot the statement."""


_KEEPING = {
    True: b"SET plan_cache_mode = force_generic_plan",
    False: b"SET plan_cache_mode TO DEFAULT",
}


class _Sent(NamedTuple):
    what: bytes
    """A statement in full, or the name of one that is prepared."""
    values: "Sequence[Buffer | None]" = ()
    is_prepared: bool = False

    @property
    def key(self) -> tuple[bytes, ...]:
        """The same for what is the same; psycopg writes into arrays that have no hash."""
        return self.what, *(b"\0" if one is None else bytes(one) for one in self.values)


class _Places(dict[str, str]):
    """What stands for each parameter that a statement names, in the order of their first place."""

    def __missing__(self, name: str) -> str:
        self[name] = place = f"${len(self) + 1}"
        return place


class _Cursor(psycopg.Cursor[Any]):
    """As psycopg's. After what may have changed a table it forgets all prepared statements."""

    def execute(self, *given: Any, **options: Any) -> "Self":  # noqa: ANN401 - as psycopg's
        super().execute(*given, **options)
        if (self.statusmessage or "").startswith(_FORGETTING):
            cast("Pipelined", self.connection).prepare_anew()
        return self


class Pipelined(psycopg.Connection[Any]):
    """In autocommit: transactions are begun by ``begin``."""

    def __init__(self, pgconn: "PGconn", row_factory: "RowFactory[Any]" = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self.cursor_factory = _Cursor
        self._prepared_so_far = 0
        self._is_outdated = False
        self._keeps_plans: bool | None = False
        self._names: dict[str, bytes] = {}
        self._due: list[_Sent] = []
        self._known: dict[tuple[bytes, ...], PGresult] = {}

    def begin(self, text: str) -> None:
        """Begins a transaction along with its first statement."""
        self._due.append(_Sent(text.encode()))

    def ask(
        self, text: str, values: Sequence[object], along: Sequence[Asked] = (), *, looks: bool
    ) -> tuple[list[Sequence[Any]], int]:
        """The rows, and how many were touched.

        Args:
            text: The statement.
            values: Its parameters.
            along: What will be asked next, sent after it at once. The answers are kept until it is.
            looks: The statement changes and locks nothing: what is known stays true, so far as this
                transaction can tell.

        Raises:
            psycopg.Error: as from a cursor.
        """
        sent = self._sent(text, values)
        if not looks:
            self._known.clear()
        result = self._known.get(sent.key) if self._known else None
        if result is None:
            result = self._sent_with(sent, [self._sent(*one) for one in along])
        return self._rows(result), result.command_tuples or 0

    def look(
        self, text: str, values: Mapping[str, object], *, is_fixed: bool
    ) -> list[Sequence[Any]]:
        """The rows of a statement that changes nothing, as one would write it for psycopg."""
        return self._rows(
            self._sent_with((self._placed if is_fixed else self._written)(text, values))
        )

    def ahead(self, looks: Sequence[Asked]) -> None:
        """Asks all of this at once. The answers are kept until it is asked again."""
        first, *others = (self._sent(*one) for one in looks)
        self._known[first.key] = self._sent_with(first, others)

    def later(self, text: str, values: Sequence[object]) -> None:
        """Does it before what comes next, which fails where this fails."""
        self._known.clear()
        self._due.append(self._sent(text, values))

    def commit(self) -> None:
        """Commits, and does before what is due.

        Raises:
            InFailedSqlTransaction: a statement failed and somebody went on all the same. PostgreSQL
                rolls back then, and answers the commit as if that were well.
        """
        is_open = self.pgconn.transaction_status != TransactionStatus.IDLE
        if is_open or len(self._due) > 1:  # more than the beginning of a transaction
            ended = self._sent_with(_Sent(b"COMMIT"))
            if ended.command_status == b"ROLLBACK":
                self._keeps_plans = None
                raise InFailedSqlTransaction("the commit was a rollback: a statement had failed")
        self._forget()

    def rollback(self) -> None:
        """Rolls back. What is due is never done.

        psycopg would forget all prepared statements, though nobody's request changes a table.
        """
        status = self.pgconn.transaction_status
        if self._due or status != TransactionStatus.IDLE:
            self._keeps_plans = None  # what was said in the transaction is taken back
        self._forget()
        if self._is_outdated:  # or each of them would fail for as long as the connection lives
            self._is_outdated = False
            self._roll_back_and_forget()
        elif status in _OPEN:
            self._sent_with(_Sent(b"ROLLBACK"))
        elif status != TransactionStatus.IDLE:  # something went wrong
            super().rollback()

    def _roll_back_and_forget(self) -> None:
        """Forgets every prepared statement; psycopg its own where it takes something back."""
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            self.execute("BEGIN", prepare=False)
        super().rollback()
        self._good(self.pgconn.exec_(b"DEALLOCATE ALL"))
        self.prepare_anew()

    def prepare_anew(self) -> None:
        """Prepares every statement again when it is next needed."""
        self._names.clear()
        self._keeps_plans = None

    def wait(self, gen: "PQGen[RV]", interval: float = 0.1, timeout: float | None = None) -> "RV":
        """All that psycopg itself sends passes here; whatever is due goes first."""
        self._known.clear()
        if self.pgconn.transaction_status != TransactionStatus.INERROR:
            self._keep_plans(yes=False)
        if self._due:
            *due, last = self._due
            self._due = due
            self._sent_with(last)
        try:
            return super().wait(gen, interval, timeout)
        except _OUTDATED:
            self._is_outdated = True
            raise

    def _forget(self) -> None:
        self._due.clear()
        self._known.clear()

    def _sent_with(self, sent: _Sent, along: Sequence[_Sent] = ()) -> "PGresult":
        """What comes of it, after what is due; the rest is known then."""
        due, self._due = self._due, []
        pgconn = self.pgconn
        if not (due or along):
            run = pgconn.exec_prepared if sent.is_prepared else pgconn.exec_params
            return self._good(run(sent.what, cast("Any", sent.values)))
        results = self._answered((*due, sent, *along))
        answer, *others = [self._good(one) for one in results][len(due) :]
        self._known |= zip((one.key for one in along), others, strict=True)
        return answer

    def _answered(self, statements: Sequence[_Sent]) -> "list[PGresult]":
        """What comes of each."""
        pgconn = self.pgconn
        pgconn.enter_pipeline_mode()
        try:
            for one in statements:
                send = pgconn.send_query_prepared if one.is_prepared else pgconn.send_query_params
                send(one.what, one.values)
            pgconn.pipeline_sync()
            return super().wait(_answers(pgconn))
        finally:  # also where somebody interrupts it, which psycopg has the server told of
            self._leave_pipeline()

    def _leave_pipeline(self) -> None:
        """Closes a connection with answers left, which would be taken for those of others."""
        try:
            self.pgconn.exit_pipeline_mode()
        except psycopg.Error:
            self.close()

    def _good(self, result: "PGresult") -> "PGresult":
        if result.status in _DONE:
            return result
        error = error_from_result(result)
        self._is_outdated |= isinstance(error, _OUTDATED)
        self._keeps_plans = None
        raise error

    def _sent(self, text: str, values: Sequence[object]) -> _Sent:
        name = self._names.get(text)
        if name is None:
            self._prepared_so_far += 1
            name = b"hourlink_%d" % self._prepared_so_far
            self._good(self.pgconn.prepare(name, text.encode()))
            self._names[text] = name
        self._keep_plans(yes=True)
        dumped = self._transformer.dump_sequence(values, [PyFormat.TEXT] * len(values))
        return _Sent(name, dumped, is_prepared=True)

    def _placed(self, text: str, values: Mapping[str, object]) -> _Sent:
        places = _Places()
        placed = text % places
        return self._sent(placed, [values[name] for name in places])

    def _written(self, text: str, values: Mapping[str, object]) -> _Sent:
        """With the values in its text: it is planned for them, whatever is kept."""
        literal = self._transformer.as_literal
        return _Sent(text.encode() % {name.encode(): literal(one) for name, one in values.items()})

    def _keep_plans(self, *, yes: bool) -> None:
        """Tells the server along with what comes next, unless it knows."""
        if self._keeps_plans is not yes:
            self._keeps_plans = yes
            self._due.append(_Sent(_KEEPING[yes]))

    def _rows(self, result: "PGresult") -> list[Sequence[Any]]:
        self._transformer.set_pgresult(result)
        return list(self._transformer.load_rows(0, result.ntuples, tuple))

    @cached_property
    def _transformer(self) -> "Transformer":
        """Made when SQLAlchemy has said how it wants values."""
        return NewTransformer.from_context(self)


def _answers(pgconn: "PGconn") -> "PQGen[list[PGresult]]":
    """One to each statement of a pipeline that ends here.

    Raises:
        psycopg.OperationalError: the connection is lost, and with it what is left of them.
    """
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    results: list[PGresult] = []
    while True:
        while pgconn.is_busy():
            if (yield Wait.R):
                pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:  # after each statement's own
            if pgconn.status == ConnStatus.BAD:
                raise psycopg.OperationalError(pgconn.get_error_message())
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)
