"""The agreement as a program: its text, its clauses, and the judgement of one act.

Pure: a judgement looks at an entry and a case file and at nothing else, so that the same bytes
give the same judgement at both nodes and in ten years. This room decides; it changes nothing.
"""
