"""The code of a version that was published from a trained model's file alone."""

from .scoring import ModelScorer
