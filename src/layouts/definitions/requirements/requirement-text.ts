import { posix } from "node:path";
import { pathToFileURL } from "node:url";

import type { PackageSource } from "./package-file.ts";

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/;
const AFTER_NAME = /^\s*(?:\[[\w\s,.-]*\]\s*)?(?:$|[<>=!~;@(])/;
const RELATIVE_ADDRESS = /^([^;@]*@\s*)(?:file:(?!\/)|(?=\.{1,2}\/))([^\s;#]+)(.*)$/;

/** The name of the package that a requirement of PEP 508 asks for; null where the text is none. */
export function packageName(requirement: string): string | null {
  const [name] = NAME.exec(requirement) ?? [];
  return name !== undefined && AFTER_NAME.test(requirement.slice(name.length)) ? name : null;
}

/** How the package index compares names (PEP 503). */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** A requirement as one line that means the same in every folder: `x @ file:libs/x.whl` gets the whole path. */
export function oneLine(source: PackageSource, requirement: string): string {
  const line = requirement.trim().replace(/\s+/g, " ");
  const [, before, path, after] = RELATIVE_ADDRESS.exec(line) ?? [];
  if (before === undefined || path === undefined || after === undefined) return line;
  return before + fileAddress(source, path) + after;
}

/** The `file:` address of a path that stands in the file. */
export function fileAddress({ reading, path }: PackageSource, target: string): string {
  return pathToFileURL(posix.resolve(reading.snapshot.root, posix.dirname(path), target)).href;
}
