/**
 * A worker in plain Python that does what its rows say: a number is answered, an object is an order. How it starts is
 * read from the file `start` in its working folder.
 */
export const STAND_IN_WORKER = `
import json, os, signal, struct, subprocess, sys, time

def send_bytes(payload):
    data = struct.pack(">I", len(payload)) + payload
    while data:
        data = data[os.write(3, data):]

def send(message):
    send_bytes(json.dumps(message).encode())

def read_exactly(size):
    data = b""
    while len(data) < size:
        part = os.read(3, size - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data

def error(message):
    frame = {"file": "scoring.py", "line": 3, "function": "predict", "source": "raise", "isUser": True}
    return {"type": "ValueError", "message": message, "frames": [frame]}

def obey(order, id):
    name, value = next(iter(order.items()))
    if name == "sleep": time.sleep(value)
    elif name == "exit": os._exit(value)
    elif name == "kill": os.kill(os.getpid(), value)
    elif name == "print": os.write(1, value.encode()); os.write(2, value.encode())
    elif name == "raise": raise ValueError(value)
    elif name == "answer": return value
    elif name == "send": send(value)
    elif name == "write": os.write(3, value.encode("latin1"))
    elif name == "frame": send_bytes(value.encode())
    elif name == "close": os.close(3); time.sleep(60)
    elif name == "answer-then-exit": send({"type": "predictions", "id": id, "predictions": [value]}); os._exit(0)
    elif name == "stdin": return sys.stdin.read()
    elif name == "spec": return json.load(open(sys.argv[1]))
    elif name == "hold":
        child = subprocess.Popen(["sleep", "60"], pass_fds=[3], start_new_session=True)
        return child.pid
    elif name == "eat": globals()["eaten"] = b"x" * value
    return os.getpid()

def predict(row, id):
    return obey(row, id) if isinstance(row, dict) else row

start = open("start").read().split()
if start[0] == "hang": signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)
if start[0] == "die": print("no such artifact: model.pkl", file=sys.stderr); sys.exit(5)
if start[0] == "fail": send({"type": "failed", "error": error("cannot load")}); time.sleep(60 if "stay" in start else 0); sys.exit(1)
if start[0] == "babble": os.write(3, b"Traceback (most recent call last)\\n"); time.sleep(60)
if start[0] == "early": send({"type": "predictions", "id": 1, "predictions": []}); time.sleep(60)
send({"type": "ready", "predictForm": "rows", "inputForm": "list", "loadMs": 1})
while True:
    (size,) = struct.unpack(">I", read_exactly(4))
    request = json.loads(read_exactly(size))
    try:
        predictions = [predict(row, request["id"]) for row in request["rows"]]
        if request["rows"] == ["one too few"]: predictions = []
        send({"type": "predictions", "id": request["id"], "predictions": predictions})
    except ValueError as raised:
        send({"type": "error", "id": request["id"], "error": error(str(raised))})
`;
