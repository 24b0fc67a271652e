import type { IncomingMessage, ServerResponse } from "node:http";

import { Failure } from "../kernel/failure.ts";
import { isName } from "../model/version/model-reference.ts";
import type { Reply } from "./reply.ts";

/** One request as handlers see it. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** For `writeContinue` only; the reply is returned. */
  readonly response: ServerResponse;
  /** The `<model>` of the path; empty for routes that have none. */
  readonly model: string;
  /** How many connections the server has now, this one included. */
  readonly connectionCount: () => number;
}

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>;

/** What one path answers, by method. `HEAD` is answered where `GET` is. */
export interface Endpoint {
  readonly GET?: Handler;
  readonly POST?: Handler;
}

interface Match {
  readonly endpoint: Endpoint;
  readonly model: string;
}

export interface Routes {
  /** By whole path. */
  readonly fixed: Readonly<Record<string, Endpoint>>;
  /** By what follows `/v1/<model>`. */
  readonly ofModel: Readonly<Record<string, Endpoint>>;
}

const MODEL_PREFIX = "/v1/";

/** Request targets that are remembered: a few for each model that is served. */
const MAX_REMEMBERED = 1_000;

/** Finds endpoints by path. */
export class Router {
  /** What was found, by request target as it came: clients ask for the same thing again and again. */
  readonly #remembered = new Map<string, Match>();
  readonly #fixed: ReadonlyMap<string, Match>;
  readonly #ofModel: ReadonlyMap<string, Endpoint>;

  constructor({ fixed, ofModel }: Routes) {
    this.#fixed = new Map(Object.entries(fixed).map(([path, endpoint]) => [path, { endpoint, model: "" }]));
    this.#ofModel = new Map(Object.entries(ofModel));
  }

  /**
   * @param url - the request target: a path with or without a query, or an absolute URL.
   * @throws Failure `ROUTE_NOT_FOUND`.
   */
  find(url: string): Match {
    return this.#remembered.get(url) ?? this.#remember(url, this.#findAnew(pathOf(url)));
  }

  #remember(url: string, match: Match): Match {
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(url, match);
    return match;
  }

  #findAnew(path: string): Match {
    const match = this.#fixed.get(path) ?? this.#findOfModel(path);
    if (match !== null) return match;
    throw new Failure("ROUTE_NOT_FOUND", {
      message: `There is nothing at ${path}.`,
      hint: "GET /v1 lists the models.",
    });
  }

  #findOfModel(path: string): Match | null {
    if (!path.startsWith(MODEL_PREFIX)) return null;
    const slash = path.indexOf("/", MODEL_PREFIX.length);
    const end = slash === -1 ? path.length : slash;
    const endpoint = this.#ofModel.get(path.slice(end));
    const model = decode(path.slice(MODEL_PREFIX.length, end));
    return endpoint === undefined || model === null ? null : { endpoint, model };
  }
}

/**
 * The handler of a method.
 * @throws Failure `METHOD_NOT_ALLOWED`; `details.allow` lists what is.
 */
export function handlerOf({ GET, POST }: Endpoint, method: string): Handler {
  const handler = method === "GET" || method === "HEAD" ? GET : method === "POST" ? POST : undefined;
  if (handler !== undefined) return handler;
  const allow = [...(GET === undefined ? [] : ["GET", "HEAD"]), ...(POST === undefined ? [] : ["POST"])].join(", ");
  throw new Failure("METHOD_NOT_ALLOWED", {
    message: `${method} is not answered here, only ${allow}.`,
    details: { allow },
  });
}

function pathOf(target: string): string {
  // RFC 9112, 3.2.2: a server must also take a whole URL.
  const url = !target.startsWith("/") && URL.canParse(target) ? new URL(target).pathname : target;
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** Null when it cannot be a model's name. */
function decode(segment: string): string | null {
  if (!segment.includes("%")) return isName(segment) ? segment : null;
  try {
    const name = decodeURIComponent(segment);
    return isName(name) ? name : null;
  } catch {
    return null;
  }
}
