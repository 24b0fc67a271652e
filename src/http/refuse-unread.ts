import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { hasSystemCode, messageOf } from "../kernel/failure.ts";
import { errorReply, type Reply } from "./reply.ts";

/**
 * The reply to what the parser of HTTP could not read, and to a request that did not come in time. The server would answer with the
 * status alone; every error of the API says what happened, and has a code.
 * @param maxHeaderBytes - as the server was told.
 */
export function unreadReply(error: Error, maxHeaderBytes: number): Reply {
  if (hasSystemCode(error, "HPE_HEADER_OVERFLOW"))
    return errorReply(
      431,
      "REQUEST_MALFORMED",
      `The request's target and headers are larger than ${maxHeaderBytes} bytes.`,
    );
  if (hasSystemCode(error, "ERR_HTTP_REQUEST_TIMEOUT"))
    return errorReply(408, "REQUEST_MALFORMED", "The request did not come to its end in time.");
  if (hasSystemCode(error, "HPE_INVALID_EOF_STATE"))
    return errorReply(400, "REQUEST_MALFORMED", "The connection was closed within the request.");
  const reason = messageOf(error).replace(/^Parse Error: /, "");
  return errorReply(400, "REQUEST_MALFORMED", `The request is not HTTP/1.1: ${reason}.`);
}

/**
 * Writes a reply to a connection that no request was read from, and closes it.
 * @param current - what the connection is being answered already: half of a reply is not followed by another.
 * @returns false where nothing could be said.
 */
export function refuseConnection(socket: Duplex, reply: Reply, current: ServerResponse | undefined): boolean {
  const isAnswering = current !== undefined && current.headersSent && !current.writableFinished;
  if (!socket.writable || isAnswering) {
    socket.destroy();
    return false;
  }
  const { status, type, body } = reply;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  // Whoever sends what is no HTTP may go on sending for ever.
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
  return true;
}
