import json

import torch

NUMBERS = ["tenure_months", "monthly_price"]
PLANS = ["basic", "plus", "pro"]
TARGET = "churned"

WEIGHTS = "models/weights.pt"
PARAMETERS = "models/parameters.json"


def build_network(hidden_size):
    """The network, with weights that are still to be learned or loaded."""
    return torch.nn.Sequential(
        torch.nn.Linear(len(NUMBERS) + len(PLANS), hidden_size),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden_size, 1),
    )


def encode(data, parameters):
    """The columns of a DataFrame as a tensor. A plan that is not known leaves its places at 0."""
    columns = [(data[name] - parameters["means"][name]) / parameters["deviations"][name] for name in NUMBERS]
    columns += [data["plan"] == plan for plan in PLANS]
    return torch.stack([torch.tensor(column.to_numpy(dtype="float32")) for column in columns], dim=1)


def save_model(network, parameters):
    """Writes the weights, and beside them what is needed to build the network again: no code is pickled."""
    torch.save(network.state_dict(), WEIGHTS)
    with open(PARAMETERS, "w") as file:
        json.dump(parameters, file)


def load_model():
    """The trained network and its parameters."""
    with open(PARAMETERS) as file:
        parameters = json.load(file)
    network = build_network(parameters["hidden_size"])
    network.load_state_dict(torch.load(WEIGHTS, map_location="cpu", weights_only=True))
    return network.eval(), parameters


def predict_labels(network, parameters, data):
    """One label, 0 or 1, for each row of a DataFrame."""
    with torch.no_grad():
        return (network(encode(data, parameters)).squeeze(1) >= 0).int().numpy()
