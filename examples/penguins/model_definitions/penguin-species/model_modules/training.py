import joblib
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold

from .pipeline import TARGET, build_pipeline, select_features


def train(data_conf, model_conf, **kwargs):
    """Trains on `data_conf["train"]` and writes models/model.joblib."""
    hyper_parameters = model_conf["hyperParameters"]
    report_progress = kwargs.get("progress_callback_handler", lambda **fields: None)

    penguins = pd.read_csv(data_conf["train"])
    features, species = select_features(penguins), penguins[TARGET]
    pipeline = build_pipeline(hyper_parameters)

    folds = StratifiedKFold(n_splits=hyper_parameters["folds"], shuffle=True, random_state=0)
    for number, (fitted, held_out) in enumerate(folds.split(features, species), start=1):
        candidate = clone(pipeline).fit(features.iloc[fitted], species.iloc[fitted])
        score = candidate.score(features.iloc[held_out], species.iloc[held_out])
        report_progress(fold=number, score=round(score, 4))

    pipeline.fit(features, species)
    joblib.dump(pipeline, "models/model.joblib")
    print(f"Trained on {len(penguins)} penguins.")
