import { Failure } from "../kernel/failure.ts";

const WITH_PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/)?.*@/is;

/**
 * Reads the address of a prediction server, or of something that it serves.
 * @param text - for example `http://127.0.0.1:8080`.
 * @throws Failure `USAGE` for what is no http address, or has a user name or password, which are never repeated.
 */
export function parseServerAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new Failure("USAGE", {
      message: `"${text.replace(WITH_PASSWORD, "$1***@")}" is not the address of a server.`,
      hint: "Write it as http://127.0.0.1:8080.",
    });
  }
  if (url.username === "" && url.password === "") return url;
  throw new Failure("USAGE", {
    message: `The address of ${url.origin} has a user name or a password in it, and neither is ever sent.`,
    hint: `Leave them out: ${url.origin}.`,
  });
}
