"""The penguins model behind FastAPI, as people write it: a pydantic model, a DataFrame, the pipeline."""

from typing import Literal, Optional

import pandas as pd
from fastapi import FastAPI
from model_modules import ModelScorer
from pydantic import BaseModel, Field


class Penguin(BaseModel):
    island: Literal["Biscoe", "Dream", "Torgersen"]
    bill_length_mm: Optional[float] = Field(ge=0)
    bill_depth_mm: Optional[float] = Field(ge=0)
    flipper_length_mm: Optional[int] = Field(ge=0)
    body_mass_g: Optional[int] = Field(ge=0)
    sex: Optional[Literal["female", "male"]]


class Prediction(BaseModel):
    species: str
    probabilities: list[float]


class Predictions(BaseModel):
    predictions: list[Prediction]


app = FastAPI()
scorer = ModelScorer({})


# Not in FastAPI's thread pool: there the threads only wait for each other, which costs it a quarter of its speed.
@app.post("/predict")
async def predict(penguins: list[Penguin]) -> Predictions:
    frame = pd.DataFrame([penguin.model_dump() for penguin in penguins])
    return Predictions(predictions=scorer.predict(frame))
