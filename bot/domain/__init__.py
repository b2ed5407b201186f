"""Rules and values: the standard library only, no input or output; a package for each feature.

The files serve all features: days and lengths as people type them, errors, states, settings.
"""
