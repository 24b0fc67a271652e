import { Failure } from "../kernel/failure.ts";

export interface VariablesRequest {
  /** The tool's own environment. */
  readonly from: Readonly<Record<string, string | undefined>>;
  /** Names that are handed on besides the allow-list. */
  readonly pass: readonly string[];
  /** Values that the definition or project sets. */
  readonly set: Readonly<Record<string, string>>;
  /** Values that the tool itself needs in the process; they win. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

export interface BuiltVariables {
  readonly variables: Readonly<Record<string, string>>;
  /** Names of `pass` that have no value from anywhere: what a failed run may be missing. */
  readonly unset: readonly string[];
}

const ALLOWED = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"];

/** Proxy variables are spelt in lower case as often; curl heeds `http_proxy` only so. */
function isAllowed(name: string): boolean {
  return ALLOWED.includes(name) || /^(LC|PIP)_/.test(name) || /_proxy$/i.test(name);
}

/**
 * The environment of a job or worker: an allow-list, what the definition declares, and nothing else.
 * @throws Failure `CONFIG_INVALID` for a name or value that no environment can hold.
 */
export function buildVariables({ from, pass, set, extra = {} }: VariablesRequest): BuiltVariables {
  const handedOn = Object.entries(from).filter(([name]) => isAllowed(name) || pass.includes(name));
  const variables = new Map<string, string>();
  for (const [name, value] of [...handedOn, ...Object.entries(set), ...Object.entries(extra)])
    if (value !== undefined) variables.set(checkedName(name, value), value);
  return {
    // Not by assignment: a variable may be called `__proto__`.
    variables: Object.fromEntries(variables),
    unset: [...new Set(pass)].filter((name) => !variables.has(name)),
  };
}

function checkedName(name: string, value: string): string {
  if (name !== "" && !/[=\0]/.test(name) && !value.includes("\0")) return name;
  throw new Failure("CONFIG_INVALID", {
    message: `The environment variable ${JSON.stringify(name)} cannot be set.`,
    hint: 'Names may not be empty nor hold "=", and neither names nor values may hold a NUL character.',
    details: { name },
  });
}
