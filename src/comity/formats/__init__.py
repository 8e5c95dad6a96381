"""Other people's formats as pure mappings: bytes in, values or named complaints out."""
