// The least that a server on Node can do for a model in Python: a child process, one request at a time, nothing checked.
// `node bare-server.mjs <python> <script>` prints its port.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const [python, ...parameters] = process.argv.slice(2);
const model = spawn(python, parameters, { stdio: ["pipe", "pipe", "inherit"] });
const waiting = [];
createInterface(model.stdout).on("line", (predictions) => {
  const response = waiting.shift();
  const body = `{"predictions":${predictions}}`;
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
});

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    waiting.push(response);
    model.stdin.write(`${JSON.stringify(JSON.parse(Buffer.concat(chunks).toString("utf8")))}\n`);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
