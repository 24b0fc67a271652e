import { extname } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".jsonl": "application/jsonl",
  ".csv": "text/csv",
  ".txt": "text/plain",
  ".md": "text/markdown",
  ".py": "text/x-python",
  ".ts": "text/x-typescript",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".yml": "application/yaml",
  ".yaml": "application/yaml",
  ".html": "text/html",
  ".png": "image/png",
  ".zip": "application/zip",
};

/** The media type that a file name suggests; bytes of any kind otherwise. */
export function mediaTypeOf(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}
