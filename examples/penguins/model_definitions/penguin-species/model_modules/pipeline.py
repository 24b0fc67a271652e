"""The model: what is done to the columns, and what learns from them."""

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
CATEGORIES = ["island", "sex"]
FEATURES = NUMBERS + CATEGORIES
TARGET = "species"


def build_pipeline(hyper_parameters):
    """An untrained pipeline from raw columns, which may hold missing values, to class probabilities."""
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
            (make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), CATEGORIES),
        ),
        LogisticRegression(C=hyper_parameters["C"], max_iter=hyper_parameters["max_iter"]),
    )


def select_features(rows):
    """The columns that the pipeline takes, with NaN for every missing value: scikit-learn takes None for a category."""
    features = rows[FEATURES]
    return features.where(features.notna(), np.nan)
