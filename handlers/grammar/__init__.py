"""Words to command values for ``/track`` and ``/link``: pure, one value for each verb."""
