"""Evidence: one file that proves what was sent, received, and judged, offline, to a stranger."""
