import type { IncomingHttpHeaders } from "node:http";

import { Failure } from "../kernel/failure.ts";

const JSON_TYPE = /^application\/(?:json|[\w.!#$&^-]+\+json)$/;
const UTF8_CHARSET = /^charset="?utf-?8"?$/;

/**
 * Lets JSON in UTF-8 pass, and a body whose type is not given.
 * @throws Failure `CONTENT_TYPE_UNSUPPORTED`.
 */
export function requireJson(headers: IncomingHttpHeaders): void {
  const type = headers["content-type"];
  if (type !== undefined && type !== "application/json" && !isJsonType(type))
    throw new Failure("CONTENT_TYPE_UNSUPPORTED", {
      message: `The content type "${type}" is not taken. Send application/json in UTF-8.`,
    });
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    throw new Failure("CONTENT_TYPE_UNSUPPORTED", {
      message: `The content encoding "${encoding}" is not taken. Send the body uncompressed.`,
    });
}

function isJsonType(type: string): boolean {
  const [mediaType = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  if (!JSON_TYPE.test(mediaType)) return false;
  return parameters.every((parameter) => !parameter.startsWith("charset") || UTF8_CHARSET.test(parameter));
}
