import type { ErrorKind } from "../kernel/error-codes.ts";

/** The exit code of each kind of error; 0 is success. */
export const EXIT_CODES = {
  bug: 1,
  usage: 2,
  invalid: 3,
  notFound: 4,
  conflict: 5,
  modelFailed: 6,
  environment: 7,
  proofFailed: 8,
  unavailable: 9,
  interrupted: 130,
  methodNotAllowed: 3,
  tooLarge: 3,
  unsupportedType: 3,
  overloaded: 9,
  tooLate: 9,
} as const satisfies Record<ErrorKind, number>;
