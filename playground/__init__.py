"""A local stand-in for Slack: its public protocol toward an app, and people who use it.

``web_api`` answers the app, ``rules`` says what Slack refuses, ``page`` is what people see in a
browser. ``driver`` and ``browser`` are people for tests. It knows nothing of any app.
"""
