"""API tokens, the audit log, installations, and what is asked over all teams or all tables.

``person_data`` lists every column that names a member; ``operating`` every column that is sealed.
"""
