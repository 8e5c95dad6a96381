"""Between nodes: HTTP/1.1 in mutual TLS 1.3. Between a node and its own commands: a Unix socket.

What travels is sealed and signed already. This room adds who may speak at all, and that nobody
who speaks slowly, endlessly or too much keeps another from being heard. Whatever fails in here
before the node has looked is answered in one and the same way.
"""
