/** Settings of pip that decide what is found: they are part of what a lock depends on. */
const CHOICES = [
  ...["INDEX_URL", "PYPI_URL", "EXTRA_INDEX_URL", "NO_INDEX", "FIND_LINKS", "CONSTRAINT", "BUILD_CONSTRAINT"],
  ...["PRE", "ONLY_BINARY", "NO_BINARY", "PREFER_BINARY", "IGNORE_REQUIRES_PYTHON", "UPLOADED_PRIOR_TO"],
  ...["NO_BUILD_ISOLATION", "USE_PEP517", "NO_USE_PEP517", "CONFIG_SETTINGS", "GLOBAL_OPTION"],
];

/** Settings of pip that decide how it gets there. */
const MEANS = [
  ...["CERT", "CLIENT_CERT", "PROXY", "TRUSTED_HOST", "TIMEOUT", "DEFAULT_TIMEOUT", "RETRIES", "RESUME_RETRIES"],
  ...["KEYRING_PROVIDER", "CACHE_DIR", "NO_CACHE_DIR", "CONFIG_FILE", "USE_FEATURE", "USE_DEPRECATED"],
];

/** Settings of uv that decide what is found. */
const UV_CHOICES = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"];

/** Variables that are meant for uv. Models are not given them. */
export const UV_VARIABLES: readonly string[] = [
  ...UV_CHOICES,
  ...["UV_CACHE_DIR", "UV_NO_CACHE", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS"],
];

/** What the tool itself needs. Variables win over pip's configuration files, which may say otherwise. */
const OWN: Readonly<Record<string, string>> = {
  PIP_NO_INPUT: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_COLOR: "1",
  PIP_PROGRESS_BAR: "off",
  PIP_ROOT_USER_ACTION: "ignore",
  PIP_USER: "0",
  PIP_REQUIRE_VIRTUALENV: "0",
  PIP_QUIET: "0",
  PIP_VERBOSE: "0",
};

/** Name and password in an address. */
const CREDENTIALS = /(?<=:\/\/)[^/\s@]*(?::[^/\s@]*)?@/g;

/**
 * The environment of pip: what models are given, but of pip's own variables only those that are meant for every use of
 * it. `PIP_TARGET` and its like would send packages elsewhere.
 */
export function pipVariables(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(variables).filter(([name]) => !name.startsWith("PIP_") || isKnown(name));
  return { ...Object.fromEntries(kept), ...OWN };
}

/** The settings that a lock depends on, without credentials: a token that changes every day changes no package. */
export function indexSettings(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const settings = Object.entries(variables).filter(([name]) => isChoice(name));
  return Object.fromEntries(settings.map(([name, value]) => [name, redactCredentials(value)]));
}

/** `https://****@host` for `https://user:password@host`. */
export function redactCredentials(text: string): string {
  return text.replace(CREDENTIALS, "****@");
}

/** True for variables that name an index or a folder of packages. */
export function isSourceVariable(name: string): boolean {
  return UV_CHOICES.includes(name) || /^PIP_(?:INDEX_URL|PYPI_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS)$/.test(name);
}

function isChoice(name: string): boolean {
  return UV_CHOICES.includes(name) || CHOICES.some((choice) => name === `PIP_${choice}`);
}

function isKnown(name: string): boolean {
  return [...CHOICES, ...MEANS].some((setting) => name === `PIP_${setting}`);
}
