"""Profiles of the property tests: the ordinary one, and a long one for ``make fuzz``."""

from hypothesis import settings

# The machine is shared: a slow moment is not a failure.
settings.register_profile("ordinary", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=20_000)
settings.load_profile("ordinary")
