/** What the server takes from clients before it says no or hangs up. */
export interface HttpLimits {
  readonly maxBodyBytes: number;
  /** Bytes of all bodies that are being read or answered at one time. */
  readonly maxBufferedBytes: number;
  /** Nesting of a JSON body. */
  readonly maxDepth: number;
  readonly maxHeaderBytes: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
  /** How long an idle connection stays open: longer than load balancers keep theirs, so that they close first. */
  readonly keepAliveTimeoutMs: number;
  /** How long a client that was refused may go on sending before the connection is cut. */
  readonly lingerMs: number;
  /** While draining: how long idle connections stay open for a request that is already on its way. */
  readonly drainGraceMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  maxBodyBytes: 16 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  maxDepth: 32,
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  lingerMs: 2_000,
  drainGraceMs: 100,
};
