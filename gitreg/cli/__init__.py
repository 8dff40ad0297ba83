"""The command line: the only room that prints, reads the terminal, and imports typer and rich."""
