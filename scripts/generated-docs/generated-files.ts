import { format } from "prettier";

import { PUBLISHED_SCHEMAS } from "../../src/cli/schemas/published-schemas.ts";
import { describeApi } from "../../src/http/openapi/describe-api.ts";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { filesPage } from "./files-page.ts";
import { httpPage } from "./http-page.ts";

/** Every file of docs/ and schemas/ that is made from the code: path → text. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const api = describeApi({ apiVersion: "v1", models: [], hasSoleModel: true });
  const pages = { errors: errorsPage(), commands: commandsPage(), files: filesPage(), http: httpPage(api) };
  const files = new Map([["schemas/openapi.json", `${JSON.stringify(api, null, 2)}\n`]]);
  for (const [name, text] of Object.entries(pages)) files.set(`docs/${name}.md`, await markdown(text));
  for (const [name, schema] of Object.entries(PUBLISHED_SCHEMAS)) {
    files.set(`schemas/${name}.schema.json`, `${JSON.stringify(schema(), null, 2)}\n`);
  }
  return files;
}

/** As `npm run format` would leave it. */
function markdown(text: string): Promise<string> {
  return format(text, { parser: "markdown", printWidth: 120 });
}
