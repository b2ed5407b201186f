"""Integrations and project links as values, and the rules about what is linked or announced.

People's accounts are in ``people``, how a linked project is read is in ``sync``.
"""
