"""comity: the software of an agreement between parties who do not fully trust each other."""

__version__ = "0.1.0"
