"""The penguins model as a child process of a server: a line of JSON rows in, a line of JSON predictions out."""

import json
import sys

import pandas as pd
from model_modules import ModelScorer

scorer = ModelScorer({})
for line in sys.stdin:
    print(json.dumps(scorer.predict(pd.DataFrame(json.loads(line)))), flush=True)
