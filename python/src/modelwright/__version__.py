"""The version of the package: that of the tool whose formats it writes."""

__version__ = "0.1.0"
