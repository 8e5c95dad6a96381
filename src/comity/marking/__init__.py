"""What is written on an item: schemes of levels, labels as a lattice, banner lines.

Levels of different nations have no total order: a joined label keeps, per scheme, the levels
that no other outranks. Identifiers are ASCII and compared; authentic spellings are shown only.
"""
