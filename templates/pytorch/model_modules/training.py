import pandas as pd
import torch

from .network import NUMBERS, TARGET, build_network, encode, save_model

PROGRESS_EVERY = 20


def train(data_conf, model_conf, progress_callback_handler=None, **kwargs):
    """Trains on data_conf["train"]. What is written to models/ is the trained model."""
    settings = model_conf["hyperParameters"]
    data = pd.read_csv(data_conf["train"])
    parameters = {
        "hidden_size": settings["hidden_size"],
        "means": {name: float(data[name].mean()) for name in NUMBERS},
        "deviations": {name: float(data[name].std()) for name in NUMBERS},
    }
    network = build_network(parameters["hidden_size"])
    features = encode(data, parameters)
    labels = torch.tensor(data[TARGET].to_numpy(dtype="float32"))
    optimizer = torch.optim.Adam(network.parameters(), lr=settings["learning_rate"])
    loss_of = torch.nn.BCEWithLogitsLoss()
    for epoch in range(1, settings["epochs"] + 1):
        optimizer.zero_grad()
        loss = loss_of(network(features).squeeze(1), labels)
        loss.backward()
        optimizer.step()
        if progress_callback_handler is not None and epoch % PROGRESS_EVERY == 0:
            progress_callback_handler(epoch=epoch, loss=loss.item())
    save_model(network, parameters)
