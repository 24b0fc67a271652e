import json

import pandas as pd

from .network import TARGET, load_model, predict_labels


def evaluate(data_conf, model_conf, **kwargs):
    """Evaluates the trained model on data_conf["test"]."""
    network, parameters = load_model()
    data = pd.read_csv(data_conf["test"])
    hits = predict_labels(network, parameters, data) == data[TARGET].to_numpy()
    with open("artifacts/output/metrics.json", "w") as file:
        json.dump({"accuracy": float(hits.mean())}, file)


class ModelScorer:
    def __init__(self, config):
        self.network, self.parameters = load_model()

    def predict(self, data):
        """One prediction for each row of the DataFrame."""
        return predict_labels(self.network, self.parameters, data)
