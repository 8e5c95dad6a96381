"""Keys, signatures, envelopes, sealed content: the only room that imports a cryptographic library.

Pure but for the randomness of the operating system. A signature and a sealed envelope are
randomised: they are stored where they are first made, and never made again.
"""
