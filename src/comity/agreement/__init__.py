"""The text that runs: literate parser, clauses, the case file, judgement, lifecycle.

An agreement is a signed Markdown file whose fenced terms the engine executes. Everything here is
a pure function of bytes and facts: the same text, entry and case give the same judgement, byte
for byte, at both ends and in ten years. ``clauses`` answers *may it, must it*; what was done with
an item is the business of ``register``.
"""
