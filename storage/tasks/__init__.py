"""Tasks, the index of task search, what a member may track, completions and unfurls."""
