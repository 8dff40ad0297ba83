"""The git process: the only room that starts git."""
