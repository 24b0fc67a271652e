"""The one error of the package."""

from .model_files.errors import ModelwrightError, package_missing

__all__ = ["ModelwrightError", "package_missing"]
