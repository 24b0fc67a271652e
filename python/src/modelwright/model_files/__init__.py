"""Files of a trained model: data sets, model, column transformer, and the proof that they belong together.

Imports nothing outside of itself: a copy of this package is the code of every version of a model configuration.
"""

from .scoring import ModelScorer

__all__ = ["ModelScorer"]
