"""Measures the penguins model with nothing around it, and behind a server: one line in asks, one line out tells.

`python predict_in_process.py <url> <rows.json>`: a list of rows as a JSON client sends them. `call 50` asks for so many
calls of the model in this process, one row each, `ask 50` for so many requests to the server, one after the other on a
connection that is kept; the answer is their median duration in milliseconds. `answers` asks for the predictions of all
rows, made in this process.

One process measures both, on a bare socket: what a client takes for itself would be counted as the server's.
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


def median_ms(work, count):
    durations_ms = []
    for index in range(count):
        start = time.perf_counter()
        work(index)
        durations_ms.append((time.perf_counter() - start) * 1000)
    return statistics.median(durations_ms)


with open(sys.argv[2]) as file:
    rows = json.load(file)
scorer = ModelScorer({})
server = Server(sys.argv[1], rows)
MEASURED = {"call": lambda index: predict(rows[index % len(rows)]), "ask": server.ask}

for line in sys.stdin:
    what, *count = line.split()
    print(json.dumps(median_ms(MEASURED[what], int(count[0])) if count else [predict(row)[0] for row in rows]), flush=True)
