"""Real servers on loopback for the tests: places that keep bytes, hosts of git repositories, and proxies that count and cut.

`fixtures` holds the pytest fixtures, `StorageServer` says how DVC reaches a store, `GitServer` where a host keeps its repositories.
"""
