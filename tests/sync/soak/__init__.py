"""Two servers to which anything may happen, and what a sync promises all the same."""
