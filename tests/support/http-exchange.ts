import { request as httpRequest, type Agent, type IncomingHttpHeaders } from "node:http";
import { connect, type Socket } from "node:net";

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON, or null. */
  readonly json: unknown;
}

export interface HttpCall {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent | false;
}

/** One request on a connection of its own, with the headers given, and Content-Length unless it is chunked. */
export function call(
  url: string,
  { method = "GET", headers = {}, body, agent = false }: HttpCall = {},
): Promise<HttpReply> {
  const isChunked = headers["transfer-encoding"] !== undefined;
  const length: Record<string, string> =
    body === undefined || isChunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers: { ...length, ...headers }, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOrNull(text) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

export function postJson(url: string, body: unknown, options: HttpCall = {}): Promise<HttpReply> {
  const headers = { "content-type": "application/json", ...options.headers };
  return call(url, {
    ...options,
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A bare connection: bytes in, bytes out. */
export class RawConnection {
  readonly socket: Socket;
  received = "";
  isEnded = false;
  error: Error | null = null;
  readonly #waiters: (() => void)[] = [];

  private constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (chunk) => {
      this.received += chunk.toString("latin1");
      this.#wake();
    });
    this.socket.on("error", (error) => {
      this.error = error;
      this.#wake();
    });
    this.socket.on("close", () => {
      this.isEnded = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const connection = new RawConnection(port);
    await new Promise((resolve, reject) => {
      connection.socket.once("connect", resolve);
      connection.socket.once("error", reject);
    });
    return connection;
  }

  send(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Resolves once `condition` holds; a connection that ends first makes it fail. */
  async until(condition: (received: string) => boolean): Promise<void> {
    while (!condition(this.received)) {
      if (this.isEnded) throw new Error(`The connection ended after: ${this.received}`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async ended(): Promise<string> {
    while (!this.isEnded) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    return this.received;
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
