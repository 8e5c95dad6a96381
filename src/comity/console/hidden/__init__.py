"""What a file says besides what it shows: who wrote it, what was changed, where it was made.

A file may be hostile, so it is read in a process of its own with little memory, little time and
nothing to write to (:mod:`comity.console.hidden.child`); this process reads only its answer.
"""
