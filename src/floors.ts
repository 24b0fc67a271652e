/**
 * The floors of `src/`, lowest first. A file imports from lower floors and from its own folder only;
 * folders on the same floor never meet. `tests/floors.test.ts` parses every import against this table.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ["kernel"],
  ["model"],
  ["process", "files"],
  ["storage", "git", "tabular", "arrays", "pickles", "http-client"],
  ["layouts", "environments", "runtimes", "executors", "store", "engines", "serving", "runs", "reports"],
  ["lifecycle"],
  ["http", "library"],
  ["app"],
  ["cli"],
];
