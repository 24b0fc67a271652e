import joblib
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["tenure_months", "monthly_price"]
CATEGORIES = ["plan"]
TARGET = "churned"


def train(data_conf, model_conf, **kwargs):
    """Trains on data_conf["train"]. What is written to models/ is the trained model."""
    data = pd.read_csv(data_conf["train"])
    model = make_pipeline(
        make_column_transformer(
            (StandardScaler(), NUMBERS),
            (OneHotEncoder(handle_unknown="ignore"), CATEGORIES),
        ),
        LogisticRegression(C=model_conf["hyperParameters"]["C"]),
    )
    model.fit(data[NUMBERS + CATEGORIES], data[TARGET])
    joblib.dump(model, "models/model.joblib")
