import json

import joblib
import pandas as pd

from .training import CATEGORIES, NUMBERS, TARGET


def evaluate(data_conf, model_conf, **kwargs):
    """Evaluates the trained model on data_conf["test"]."""
    model = joblib.load("models/model.joblib")
    data = pd.read_csv(data_conf["test"])
    metrics = {"accuracy": model.score(data[NUMBERS + CATEGORIES], data[TARGET])}
    with open("artifacts/output/metrics.json", "w") as file:
        json.dump(metrics, file)


class ModelScorer:
    def __init__(self, config):
        self.model = joblib.load("models/model.joblib")

    def predict(self, data):
        """One prediction for each row of the DataFrame."""
        return self.model.predict(data[NUMBERS + CATEGORIES])
