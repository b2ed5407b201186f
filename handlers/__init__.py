"""Slack's requests: words in, a service call, a reply out; a package for each feature.

The files are the way in and back, in this order: ``listeners`` hears Slack and makes a value of
``asking``; ``edge`` finds out who asks and calls the handler that ``routes`` names; ``acks`` and
``surfaces`` carry the ``replies`` back. ``events`` hears what nobody waits for.
"""
