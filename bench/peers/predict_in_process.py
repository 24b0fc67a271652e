"""Measures the penguins model with nothing around it, and behind servers: one line in asks, one line out tells.

`python predict_in_process.py <rows.json> [<url>…]`: a list of rows as a JSON client sends them. A line with a number asks for
so many calls of the model in this process, one row each, and as many requests to each server on a connection that is kept, in
turn; the answer is their median durations in milliseconds, `{"call": …, "asks": […]}`. An empty line asks for the predictions
of all rows, made in this process.

One process measures all, on a bare socket: what a client takes for itself would be counted as the server's. Call by call,
because a processor computes slower after a pause, on shared machines by half, and a model behind a server has pauses.
"""

import json
import re
import socket
import statistics
import sys
import time
import urllib.parse

import pandas as pd
from model_modules import ModelScorer

HEADER_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Server:
    def __init__(self, url, rows):
        self.address = urllib.parse.urlsplit(url)
        self.requests = [self.encode_request(json.dumps([row]).encode()) for row in rows]
        self.socket = socket.create_connection((self.address.hostname, self.address.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def encode_request(self, body):
        lines = ["POST %s HTTP/1.1" % self.address.path, "Host: %s" % self.address.netloc]
        lines += ["Content-Type: application/json", "Content-Length: %d" % len(body)]
        return "\r\n".join(lines).encode() + HEADER_END + body

    def ask(self, index):
        """Any answer but a 200 ends the benchmark."""
        self.socket.sendall(self.requests[index % len(self.requests)])
        reply = b""
        while not is_whole(reply):
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise SystemExit("The server closed the connection.")
            reply += piece


def is_whole(reply):
    head, end, body = reply.partition(HEADER_END)
    if not end:
        return False
    if not head.startswith(b"HTTP/1.1 200 "):
        raise SystemExit("Answered: %r" % reply)
    return len(body) >= int(LENGTH.search(head).group(1))


def predict(row):
    return scorer.predict(pd.DataFrame([row]))


def duration_ms(work, index):
    start = time.perf_counter()
    work(index)
    return (time.perf_counter() - start) * 1000


def measure_in_turn(count):
    calls, asks = [], [[] for _ in servers]
    for index in range(count):
        calls.append(duration_ms(call, index))
        # Whoever is asked first finds the processor busy with other things: the first one takes turns.
        for turn in range(len(servers)):
            which = (index + turn) % len(servers)
            asks[which].append(duration_ms(servers[which].ask, index))
    return {"call": statistics.median(calls), "asks": [statistics.median(durations) for durations in asks]}


with open(sys.argv[1]) as file:
    rows = json.load(file)
scorer = ModelScorer({})
servers = [Server(url, rows) for url in sys.argv[2:]]


def call(index):
    return predict(rows[index % len(rows)])


for line in sys.stdin:
    count = line.strip()
    print(json.dumps(measure_in_turn(int(count)) if count else [predict(row)[0] for row in rows]), flush=True)
