"""Measures the penguins model without anything around it: one line in asks for it, one line out tells.

`python predict_in_process.py <rows.json>`: a list of rows as a JSON client sends them. A line with a number asks for so
many predictions of one row each; the answer is their median duration in milliseconds. An empty line asks for the
predictions of all rows.
"""

import json
import statistics
import sys
import time

import pandas as pd
from model_modules import ModelScorer

scorer = ModelScorer({})
with open(sys.argv[1]) as file:
    rows = json.load(file)


def predict(some_rows):
    return scorer.predict(pd.DataFrame(some_rows))


def measure(count):
    durations_ms = []
    for index in range(count):
        start = time.perf_counter()
        predict([rows[index % len(rows)]])
        durations_ms.append((time.perf_counter() - start) * 1000)
    return statistics.median(durations_ms)


for line in sys.stdin:
    count = line.strip()
    print(json.dumps(measure(int(count)) if count else [predict([row])[0] for row in rows]), flush=True)
