"""What it costs: one file per row of the table, each measured, none estimated.

Each row returns its figures; ``python -m benchmarks`` runs short slices of all of them, and
``python -m benchmarks.bulk --seconds 60`` (or another row) the long form of one.
"""
