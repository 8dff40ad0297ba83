"""Values to text: rows, sentences and JSON. No width, no colour, no terminal: `gitreg.cli` lays out what is made here."""
