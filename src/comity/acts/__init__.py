"""What a party can do, as documents: deeds, entries, their strict bytes and digests; judgements.

Deeds are decided and signed by persons; entries are deeds stamped by the chancery. A struct of
a published version is frozen for ever: new fields mean a new kind. Nothing here decides
whether an act is lawful (``agreement``) or what it changes (``register``).
"""
