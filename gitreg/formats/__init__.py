"""Formats of model files: what their headers say, read in small parts; nothing is loaded, run or taken on trust."""
