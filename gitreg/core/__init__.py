"""The registry without the world: values, grammar, reducer, plans and rules; no I/O, no clock, no environment."""
