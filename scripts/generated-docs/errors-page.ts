import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { STATUS } from "../../src/http/status.ts";
import { ERROR_CODES } from "../../src/kernel/error-codes.ts";
import { GENERATED_MARK } from "./generated-mark.ts";

/** The page of error codes. */
export function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, entry]) => `| \`${code}\` | ${entry.meaning} | ${EXIT_CODES[entry.kind]} | ${STATUS[entry.kind]} |`,
  );
  return `# Errors

${GENERATED_MARK}

Every error has a code that never changes its name. On the command line it ends the program with the exit code;
from the server it comes as \`{"error": "<what happened>", "code": "<code>"}\` with the HTTP status.

| code | meaning | exit code | HTTP status |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}
