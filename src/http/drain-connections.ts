import type { Server } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** How often connections that have become idle are looked for. */
const SWEEP_MS = 20;

export interface DrainFields {
  readonly server: Server;
  /** Every connection of the server. */
  readonly open: ReadonlySet<Socket>;
  /** How long idle connections stay open: a request may be on its way on one of them. */
  readonly graceMs: number;
  /** Connections that are then still busy are cut. */
  readonly timeoutMs: number;
}

/** Takes no new connections and ends each one once it is idle. Replies from now on must carry `Connection: close`. */
export async function drainConnections({ server, open, graceMs, timeoutMs }: DrainFields): Promise<void> {
  const closed = new Promise((resolve) => server.once("close", resolve));
  // Not the HTTP server's own `close`: that ends idle connections at once, also under a request on its way.
  NetServer.prototype.close.call(server);
  // Counted in looks at the connections, not in time, so that a server that gets no processor does not close before it looked.
  let graceSweeps = Math.ceil(graceMs / SWEEP_MS);
  const sweep = setInterval(() => {
    // After all that has come was read: a timer rings before that, and under a request that lies unread.
    setImmediate(() => {
      if (--graceSweeps < 0) closeIdle(server, open);
    });
  }, SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

function closeIdle(server: Server, open: ReadonlySet<Socket>): void {
  const sockets = [...open];
  // Node counts a connection as idle as soon as its reply is handed over, and would cut off what is not sent yet.
  if (sockets.some((socket) => socket.writableLength > 0)) return;
  server.closeIdleConnections();
  // And not as idle one on which nothing has come yet.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
