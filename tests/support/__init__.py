"""What tests share: real repositories on a clock of their own, and the real command."""
