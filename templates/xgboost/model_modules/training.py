import pandas as pd
import xgboost

from .features import TARGET, encode


def train(data_conf, model_conf, **kwargs):
    """Trains on data_conf["train"]. What is written to models/ is the trained model."""
    parameters = dict(model_conf["hyperParameters"])
    rounds = parameters.pop("rounds")
    data = pd.read_csv(data_conf["train"])
    booster = xgboost.train(
        dict(parameters, objective="binary:logistic"),
        xgboost.DMatrix(encode(data), label=data[TARGET]),
        num_boost_round=rounds,
    )
    booster.save_model("models/model.json")
