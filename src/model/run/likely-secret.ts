/** Names of files that hold credentials by convention, of the tools that read them. */
const SECRET_NAMES: readonly RegExp[] = [
  /^\.env$/,
  // Templates of settings are meant to be shared.
  /^\.env\.(?!example$|sample$|template$|dist$)/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)(?!.*\.pub$)/,
  /^credentials/,
  /^(client|app)?[-_.]?secrets?\.(json|ya?ml|toml|ini|cfg|env|txt)$/,
  /^service[-_]?account.*\.json$/,
  /^(\.netrc|_netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.htpasswd|\.git-credentials|\.dockercfg|\.boto|\.s3cfg)$/,
];

const SECRET_FOLDERS = /(^|\/)\.(ssh|gnupg|aws|azure|kube|docker|gcloud)\//;

/** What private keys and access keys look like, wherever they stand. Each begins in a way that hardly anything else does. */
const SECRET_TEXTS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/,
  // Amazon Web Services; the secret half has no form of its own.
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /aws_?secret_?(access_?)?key["']?\s*[=:]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  // GitHub, GitLab, Slack, npm, PyPI.
  /\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{40,}|\bglpat-[A-Za-z0-9_-]{20}\b|\bxox[abprs]-[A-Za-z0-9-]{20,}/,
  /\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgEI[A-Za-z0-9_-]{50,}/,
  // Google, Azure Storage, Databricks, Hugging Face, OpenAI, Stripe.
  /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|\bAccountKey=[A-Za-z0-9+/]{86}==|\bdapi[0-9a-f]{32}\b|\bhf_[A-Za-z]{34}\b/,
  /\bsk-(proj-|svcacct-)?[A-Za-z0-9]{20}[A-Za-z0-9_-]{12,}|\b[sr]k_live_[A-Za-z0-9]{20,}/,
  // A password in the address of a database or broker, but for places that are filled in later and for examples.
  /\b(postgres(ql)?|mysql|mariadb|mssql|oracle|mongodb|redis|amqp|snowflake)(\+\w+|s)?:\/\/[^\s:/@"'<>{}$%*]*:(?!(password|passwd|pass|pwd|pw|secret|changeme|x+)@)[^\s:/@"'<>{}$*]+@/i,
];

/**
 * True for a file that is likely to hold a secret, going by its name.
 * @param path - relative, with `/`.
 */
export function isLikelySecretPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return SECRET_FOLDERS.test(path.toLowerCase()) || SECRET_NAMES.some((pattern) => pattern.test(name));
}

/** True for content with a private key or an access key in it. */
export function holdsLikelySecret(content: Uint8Array): boolean {
  // The keys are ASCII, and no byte of a longer UTF-8 sequence is.
  const text = new TextDecoder("latin1").decode(content);
  return SECRET_TEXTS.some((pattern) => pattern.test(text));
}
