import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIPv6, type AddressInfo, type Socket } from "node:net";

import { Failure, hasSystemCode, messageOf } from "../kernel/failure.ts";
import { silentLog, type Log } from "../kernel/log.ts";
import type { MetricsSource } from "../model/ports/metrics.ts";
import type { PredictionService } from "../model/ports/predictor.ts";
import { drainConnections } from "./drain-connections.ts";
import { HTTP_LIMITS, type HttpLimits } from "./http-limits.ts";
import { FailureCounts, statusOf } from "./metrics/failure-counts.ts";
import { formatMetrics } from "./metrics/format-metrics.ts";
import { modelRoutes } from "./model-routes.ts";
import { predictRoutes } from "./predict-routes.ts";
import { refuseConnection, unreadReply } from "./refuse-unread.ts";
import { errorReply, failureReply, isLongBodyUnread, metricsReply, send, sendEarly, type Reply } from "./reply.ts";
import { handlerOf, Router } from "./router.ts";

export interface HttpServerFields {
  readonly predictor: PredictionService;
  /** Version of the HTTP API, as `GET /version` tells it. It is not a model's version. */
  readonly apiVersion: string;
  readonly limits?: Partial<HttpLimits> | undefined;
  readonly log?: Log | undefined;
  /** What `GET /metrics` tells besides the server's own counts. */
  readonly metrics?: MetricsSource | undefined;
}

/** Where a server listens; port 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface HttpServer {
  /** @throws Failure `PORT_IN_USE`, `CONFIG_INVALID` for an address that cannot be listened on. */
  listen(address: Address): Promise<{ readonly url: string }>;
  /** Takes no new connections, answers what is in flight, and closes; what is not done after `timeoutMs` is cut. */
  drain(timeoutMs: number): Promise<void>;
}

/** Connections whose time is up are looked for this many times within the shortest time limit. */
const CHECKS_PER_TIMEOUT = 4;

/** The prediction API over HTTP/1.1. It knows HTTP only: models are the predictor's. */
export function createHttpServer(fields: HttpServerFields): HttpServer {
  return new PredictionServer(fields);
}

class PredictionServer implements HttpServer {
  readonly #limits: HttpLimits;
  readonly #log: Log;
  readonly #router: Router;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #connectionCount = (): number => this.#open.size;
  /** What each connection was last answered with. */
  readonly #latest = new WeakMap<object, ServerResponse>();
  readonly #failures = new FailureCounts();
  /** Set once draining has begun. */
  #drained: Promise<void> | null = null;

  constructor({ predictor, apiVersion, limits, log = silentLog, metrics = () => [] }: HttpServerFields) {
    this.#limits = { ...HTTP_LIMITS, ...limits };
    this.#log = log;
    const models = modelRoutes(predictor, apiVersion, () => this.#drained !== null);
    const predictions = predictRoutes(predictor, this.#limits);
    this.#router = new Router({
      fixed: {
        "/health": { GET: models.health },
        "/ready": { GET: models.ready },
        "/metrics": {
          GET: () => metricsReply(formatMetrics([this.#failures.family(), ...metrics(statusOf)])),
        },
        "/version": { GET: models.version },
        "/v1": { GET: models.list },
        "/openapi.json": { GET: models.openapi },
        "/predict": { POST: predictions.sole },
      },
      ofModel: { "": { GET: models.describe }, "/predict": { POST: predictions.named } },
    });
    this.#server = this.#createServer();
  }

  async listen({ host, port }: Address): Promise<{ readonly url: string }> {
    await new Promise<void>((resolve, reject) => {
      const onError = (error: Error): void => reject(explainListenError(error, host, port));
      this.#server.once("error", onError);
      this.#server.listen({ host, port }, () => {
        this.#server.off("error", onError);
        resolve();
      });
    });
    const address = this.#server.address() as AddressInfo;
    return { url: `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}` };
  }

  drain(timeoutMs: number): Promise<void> {
    this.#drained ??= this.#endConnections(timeoutMs);
    return this.#drained;
  }

  async #endConnections(timeoutMs: number): Promise<void> {
    if (!this.#server.listening) return;
    const { drainGraceMs: graceMs } = this.#limits;
    await drainConnections({ server: this.#server, open: this.#open, graceMs, timeoutMs });
  }

  #createServer(): Server {
    const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, maxHeaderBytes } = this.#limits;
    const server = createServer({
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.ceil(Math.min(headersTimeoutMs, requestTimeoutMs) / CHECKS_PER_TIMEOUT),
      maxHeaderSize: maxHeaderBytes,
      // Looked at by ourselves, so that it is refused as everything else is.
      requireHostHeader: false,
    });
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    server.on("request", onRequest);
    // With a listener of our own, a client that asks first is refused before it sends its body.
    server.on("checkContinue", onRequest);
    server.on("checkExpectation", (request, response) => this.#refuseExpectation(request, response));
    server.on("clientError", (error, socket) => {
      if (refuseConnection(socket, unreadReply(error, maxHeaderBytes), this.#latest.get(socket)))
        this.#failures.count("REQUEST_MALFORMED");
    });
    server.on("error", (error) => {
      // Without a listener, running out of file descriptors while accepting would end the process.
      if (server.listening) this.#log("error", "http.accept.failed", { message: error.message });
    });
    server.on("connection", (socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    return server;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#latest.set(request.socket, response);
    let reply: Reply;
    try {
      requireHost(request);
      const { endpoint, model } = this.#router.find(request.url ?? "");
      const handler = handlerOf(endpoint, request.method ?? "");
      reply = await handler({ request, response, model, connectionCount: this.#connectionCount });
    } catch (error) {
      reply = this.#explain(error, request);
    }
    this.#reply(request, response, reply);
  }

  #refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    this.#failures.count("REQUEST_MALFORMED");
    const expected = request.headers.expect ?? "";
    const message = `"Expect: ${expected}" cannot be met, only 100-continue.`;
    this.#reply(request, response, errorReply(417, "REQUEST_MALFORMED", message));
  }

  #reply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    if (response.destroyed) return;
    const { lingerMs } = this.#limits;
    if (isLongBodyUnread(request)) sendEarly({ request, response, reply, lingerMs });
    else send(response, reply, this.#drained !== null);
  }

  #explain(error: unknown, request: IncomingMessage): Reply {
    const failure =
      error instanceof Failure ? error : new Failure("INTERNAL", { message: messageOf(error), cause: error });
    const { code, message, details } = failure;
    this.#failures.count(code);
    const reply = failureReply(failure);
    if (reply.status === 500) {
      const stack = failure.kind === "bug" && error instanceof Error ? (error.stack ?? null) : null;
      const { method = "", url = "" } = request;
      this.#log("error", "http.failed", { method, url, code, message, details, stack });
    }
    return reply;
  }
}

/** RFC 9112, 3.2: without it a request of HTTP/1.1 is answered with 400. */
function requireHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion !== "1.1" || headers.host !== undefined) return;
  throw new Failure("REQUEST_MALFORMED", { message: "The request has no Host header." });
}

function explainListenError(error: Error, host: string, port: number): Failure {
  if (hasSystemCode(error, "EADDRINUSE"))
    return new Failure("PORT_IN_USE", {
      message: `Another program listens on ${host}:${port}.`,
      hint: "Choose another port, or port 0 for any free one.",
      cause: error,
    });
  return new Failure("CONFIG_INVALID", {
    message: `The server cannot listen on ${host}:${port}: ${error.message}.`,
    hint: "Choose an address of this machine with --host (127.0.0.1 for this machine alone, 0.0.0.0 for all networks), and a port that this user may open with --port.",
    cause: error,
  });
}
