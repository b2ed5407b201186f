"""The contract that an adapter signs (``api``), and what it is given to keep it.

``client`` is HTTP, ``registry`` finds adapters, ``conformance`` tests one. Nothing here knows a
single tool.
"""
