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

/** What private keys and access keys look like, wherever they stand. */
const SECRET_TEXT =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{40,}|\bglpat-[A-Za-z0-9_-]{20}\b|\bxox[abprs]-[A-Za-z0-9-]{20,}|"private_key"\s*:\s*"-----BEGIN/;

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
  return SECRET_TEXT.test(new TextDecoder("latin1").decode(content));
}
