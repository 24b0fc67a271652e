import { applyEdits, modify } from "jsonc-parser";

/** What makes a copy of a definition another one. */
export interface NewIdentity {
  readonly id: string;
  readonly name: string;
  /** Null: that of the template stays. */
  readonly description: string | null;
}

/**
 * The text of a `model.json` with another identity. Everything else stays as it is, comments and order included.
 * @throws Error when the text is not JSON at all.
 */
export function renameDefinition(modelJson: string, { id, name, description }: NewIdentity): string {
  const fields = { id, name, ...(description === null ? {} : { description }) };
  const indent = /^(?: +|\t)/m.exec(modelJson)?.[0] ?? "  ";
  const formattingOptions = { insertSpaces: indent !== "\t", tabSize: indent.length, eol: "\n" };
  return Object.entries(fields).reduce(
    (text, [field, value]) => applyEdits(text, modify(text, [field], value, { formattingOptions })),
    modelJson,
  );
}
