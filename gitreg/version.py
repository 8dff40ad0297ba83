"""The version of gitreg: the one place where it is written; the build reads this file."""

__version__ = "0.1.0"
HOME = "https://github.com/gitreg/gitreg"
"""Where gitreg lives."""
