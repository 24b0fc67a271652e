"""Readers of configurations, from a folder or from Statsig. What they read is recorded with the run."""

from .local import LocalConfigReader
from .statsig import StatsigConfigReader

__all__ = ["LocalConfigReader", "StatsigConfigReader"]
