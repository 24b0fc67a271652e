/** Comes with the tool to wherever models run. A package index has none of it, or what a stranger gave that name. */
const AUTHOR_PACKAGE = /^modelwright==/i;

/**
 * Requirements for an environment like one that was used as it was: of that the packages are recorded, but no lock.
 * @param packages - `name==version`.
 */
export function packagesToInstall(packages: readonly string[]): string {
  return packages.filter((text) => !AUTHOR_PACKAGE.test(text)).join("\n");
}
