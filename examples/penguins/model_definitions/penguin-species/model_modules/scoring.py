import json

import joblib
import pandas as pd
from sklearn.metrics import accuracy_score, log_loss

from .pipeline import TARGET, select_features


def evaluate(data_conf, model_conf, **kwargs):
    """Evaluates models/model.joblib on `data_conf["test"]` and writes artifacts/output/metrics.json."""
    pipeline = joblib.load("models/model.joblib")
    penguins = pd.read_csv(data_conf["test"])
    probabilities = pipeline.predict_proba(select_features(penguins))
    predicted = pipeline.classes_[probabilities.argmax(axis=1)]
    metrics = {
        "accuracy": accuracy_score(penguins[TARGET], predicted),
        "log_loss": log_loss(penguins[TARGET], probabilities, labels=list(pipeline.classes_)),
    }
    with open("artifacts/output/metrics.json", "w") as file:
        json.dump(metrics, file, indent=2)


class ModelScorer:
    """Answers a DataFrame with one prediction a row: the species, and the probability of each in the order of the signature."""

    def __init__(self, config):
        self.pipeline = joblib.load("models/model.joblib")
        self.species = self.pipeline.classes_.tolist()

    def predict(self, data):
        probabilities = self.pipeline.predict_proba(select_features(data))
        return [
            {"species": self.species[row.argmax()], "probabilities": row.tolist()}
            for row in probabilities
        ]
