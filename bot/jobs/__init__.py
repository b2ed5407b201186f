"""Background work: syncs, the outbox and its deliveries, reminders, and who does them.

``runner`` is the port; ``embedded`` (SQLite) and ``distributed`` (PostgreSQL) keep it. What is due
is in the database, and what it means is decided in ``bot/services``.
"""
