"""The console: what a person of one house sees of it, as pages.

Every page asks :mod:`comity.node` and shows what it answers; who may see what is decided there.
Pages carry no script and no inline style, and need nothing but the node.
"""
