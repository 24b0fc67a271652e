from .scoring import ModelScorer, evaluate
from .training import train

__all__ = ["ModelScorer", "evaluate", "train"]
