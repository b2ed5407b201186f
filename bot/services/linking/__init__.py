"""Use cases of admins: connecting integrations, linking and unlinking projects, announcing them.

``linking``, ``link_all`` and ``announcing`` all link through ``making``. Reading a tool is in
``sync``.
"""
