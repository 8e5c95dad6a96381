"""Where a node's private keys lie: key files under a passphrase, and where a passphrase is from.

A passphrase comes from a file that only its owner can read, or from a terminal: never from the
command line or the environment, which other users and child processes can see.
"""
