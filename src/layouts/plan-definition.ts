import { Failure } from "../kernel/failure.ts";

/** A text file, with a path relative to the folder that it belongs to. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What a new definition is made from. */
export interface DefinitionPlan {
  /** The files of the template. */
  readonly template: readonly TextFile[];
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

const PLACEHOLDER = /\{\{(id|name|description)\}\}/g;

/**
 * The files of a new definition: those of the template, in which `{{id}}`, `{{name}}` and `{{description}}` are filled in.
 * In `.json` files they stand inside quotes and are escaped; in `.md` files line breaks become spaces;
 * all other files are copied as they are.
 * @throws Failure `USAGE` for an empty name or one with control characters.
 */
export function planDefinition({ template, ...values }: DefinitionPlan): readonly TextFile[] {
  if (values.name.trim() === "" || /\p{Cc}/u.test(values.name))
    throw new Failure("USAGE", {
      message: "The name of a model must be one line of text.",
      hint: "For example: modelwright add churn",
    });
  return template.map(({ path, text }) => {
    const write = writerFor(path);
    if (write === null) return { path, text };
    // A function as replacement: "$&" in a name would otherwise mean something.
    return { path, text: text.replace(PLACEHOLDER, (_, key: "id" | "name" | "description") => write(values[key])) };
  });
}

function writerFor(path: string): ((value: string) => string) | null {
  if (path.endsWith(".json")) return (value) => JSON.stringify(value).slice(1, -1);
  if (path.endsWith(".md")) return (value) => value.replace(/\s+/g, " ").trim();
  return null;
}
