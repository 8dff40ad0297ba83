"""The bytes of models: stores, DVC's layout of them, and hashes. The only room that imports DVC."""
