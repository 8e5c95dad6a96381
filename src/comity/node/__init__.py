"""One organisation's use cases, each a function: gather, judge, enter.

There is one door: every act, local or remote, is judged and entered through the chancery in
one transaction. What the node needs of the world it asks through ``ports``.
"""
