"""Tokens for programs, the audit log, and what operators ask for."""
