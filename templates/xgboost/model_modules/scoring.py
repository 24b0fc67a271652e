import json

import pandas as pd
import xgboost

from .features import TARGET, predict_labels


def evaluate(data_conf, model_conf, **kwargs):
    """Evaluates the trained model on data_conf["test"]."""
    data = pd.read_csv(data_conf["test"])
    hits = predict_labels(load_model(), data) == data[TARGET].to_numpy()
    with open("artifacts/output/metrics.json", "w") as file:
        json.dump({"accuracy": float(hits.mean())}, file)


class ModelScorer:
    def __init__(self, config):
        self.booster = load_model()

    def predict(self, data):
        """One prediction for each row of the DataFrame."""
        return predict_labels(self.booster, data)


def load_model():
    booster = xgboost.Booster()
    booster.load_model("models/model.json")
    return booster
