"""Use cases about people's accounts in tools: asking, confirming, approving, signing in, ending.

``account_moves`` is what several of them do to a link. Who is on a project is in ``projects``; who
is asking is in ``bot/services/members.py``.
"""
