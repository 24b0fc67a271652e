"""Versions in a model store that is a folder: the same protocol as the tool's."""
