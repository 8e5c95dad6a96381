"""What each page shows to one person, gathered from the node in one reading.

Whatever tells of an item goes through :func:`comity.node.reading.authorise`, one by one: a list,
a count or a duty shows no more than the item's own page would.
"""
