"""What ships with comity, read as a node reads it."""

from importlib.resources import files

from comity.marking.schemes import parse_schemes

SCHEMES = parse_schemes(files("comity.marking").joinpath("schemes.toml").read_text())
