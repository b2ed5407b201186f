"""Constructs each feature: its services, handlers and deliveries; ``all`` joins them.

What a process has once, whatever its features, is constructed in ``bot/wiring.py``.
"""
