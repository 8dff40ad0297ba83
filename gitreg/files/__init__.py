"""YAML files and pointers: the only room that imports ruamel.yaml."""
