"""The life of every item and copy as a fold over the logs.

What was done with an item is here; whether it may be done is in ``agreement``. Nothing in this
room is ever set: a row that is not the fold of a leaf does not exist.
"""
