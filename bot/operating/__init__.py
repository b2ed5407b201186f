"""For whoever runs the server: what is wrong, what is in the database, keys.

Commands of ``hourlink``, each a plain function over settings; nothing here runs inside a server.
"""
