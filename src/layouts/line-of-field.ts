import { findNodeAtLocation, parseTree } from "jsonc-parser";

/**
 * Line, from 1, on which the value of a field begins in JSON that may have comments; null where the field is not there.
 * @param path - names of fields from the outermost inwards.
 */
export function lineOfField(text: string, path: readonly string[]): number | null {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
  return node === undefined ? null : text.slice(0, node.offset).split("\n").length;
}
