"""Tokens for programs, and the audit log."""
