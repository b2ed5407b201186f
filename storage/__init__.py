"""Tables and their named queries: one noun a file, a package for each feature.

The files beside them serve all features: opening a database and a transaction (``engine``,
``unit_of_work``, ``tx``, ``single_process``), what time it is there (``server_clock``), what its
failures mean (``away``, ``failing``), column types and small pieces of SQL (``types``,
``json_text``, ``sql``, ``indexes``, ``chunks``), ways to be quick (``prepared``, ``pipelined``,
``together``, ``looks``, ``additions``, ``upserts``), and tables of no one feature (``teams``,
``members``, ``outbox``, ``asked_messages``, ``requests``, ``selections``). Rules are in
``bot/domain``, who may ask in ``bot/services``.
"""
