"""Verbs with effects: each reads, decides in `gitreg.core`, and acts through `gitreg.git` and `gitreg.files`."""
