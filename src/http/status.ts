import type { ErrorKind } from "../kernel/error-codes.ts";

/** The HTTP status of each kind of failure. */
export const STATUS = {
  bug: 500,
  usage: 400,
  invalid: 400,
  notFound: 404,
  conflict: 409,
  modelFailed: 500,
  environment: 500,
  proofFailed: 500,
  unavailable: 503,
  interrupted: 503,
  methodNotAllowed: 405,
  tooLarge: 413,
  unsupportedType: 415,
  overloaded: 429,
  tooLate: 504,
} as const satisfies Record<ErrorKind, number>;
