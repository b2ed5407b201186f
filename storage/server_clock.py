"""What time it is by PostgreSQL."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import AT_ONCE, open_engine


def server_time(url: str) -> datetime | None:
    """The server's present moment; None where it does not answer.

    Over a connection that is not kept: it is asked seldom, and their number is limited there.
    """
    engine = open_engine(url, pool_size=1)
    try:
        with engine.connect().execution_options(**{AT_ONCE: True}) as connection:
            now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    except SQLAlchemyError:
        return None  # whoever needs the database tells of it
    finally:
        engine.dispose()
    return now
