"""The `context` that newer models take as their first parameter."""

import os

_DATASET_FIELDS = (
    "sql",
    "entity_key",
    "feature_names",
    "target_names",
    "predictions_database",
    "predictions_table",
    "feature_metadata_database",
    "feature_metadata_table",
)


class Fields(dict):
    """A dict whose keys are attributes too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError("there is no %r, only: %s" % (name, ", ".join(self))) from None


class DatasetInfo(Fields):
    """What the data configuration says; the fields that models expect are None when it does not say them."""

    def __init__(self, fields):
        super().__init__(dict.fromkeys(_DATASET_FIELDS), **fields)

    def __getattr__(self, name):
        if name.startswith("feature_metadata_"):
            return self.get(name)
        return super().__getattr__(name)


def model_context(spec):
    """Attributes, also reachable as keys; paths are absolute and end without a slash."""
    artifacts = os.path.join(spec["workFolder"], "artifacts")
    identifiers = spec["identifiers"]
    return Fields(
        hyperparams=spec["modelConf"].get("hyperParameters", {}),
        artifact_input_path=os.path.join(artifacts, "input"),
        artifact_output_path=os.path.join(artifacts, "output"),
        job_id=spec["context"]["jobId"],
        model_id=identifiers["modelId"],
        model_version=identifiers["modelVersion"],
        model_table=identifiers["modelTable"],
        project_id=spec["context"]["projectId"],
        dataset_info=DatasetInfo(spec["context"]["datasetInfo"]),
        # For generators that are made with a seed, such as NumPy's default_rng. A scorer has none.
        seed=spec.get("seed"),
    )
