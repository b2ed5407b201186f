"""The adapters that come with Hourlink: a package each, loaded by entry point, never imported.

An adapter uses ``bot/integrations`` and ``bot/domain``, and knows no other adapter.
"""
