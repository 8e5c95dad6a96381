"""The words as checked value types: one way in, and after that they cannot be wrong.

This room imports nothing of the house. ``str`` never crosses a room without one of these
names on it.
"""
