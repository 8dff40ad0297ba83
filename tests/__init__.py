"""Tests of gitreg; the folders mirror the package."""
