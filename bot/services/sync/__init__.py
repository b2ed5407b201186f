"""Use cases of a sync: which run is due, saving its pages, webhooks, what people are told.

``syncing`` begins and ends runs, the files ``mirroring*`` save what a run read. Asking the tool is
in ``bot/jobs``, outside every transaction.
"""
