"""For authors of machine-learning models that Modelwright trains, publishes and serves.

    from modelwright import BaseMLModel, ModelConfig, progress

Standard library only; NumPy, SciPy, XGBoost and pandas are imported when they are used.
"""

from .__version__ import __version__
from .base_model import BaseMLModel
from .config_readers import LocalConfigReader, StatsigConfigReader
from .errors import ModelwrightError
from .job import paths, progress, seed, set_seeds
from .model_config import ModelConfig

__all__ = [
    "BaseMLModel",
    "LocalConfigReader",
    "ModelConfig",
    "ModelwrightError",
    "StatsigConfigReader",
    "__version__",
    "paths",
    "progress",
    "seed",
    "set_seeds",
]
