"""Logs that can prove what they hold: tree, proofs, tiles, checkpoints, forks.

Pure: bytes in, values or errors out. Nothing here reads a store; where nodes of a tree are
needed, the caller hands in a function that finds them.
"""
