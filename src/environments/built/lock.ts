import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { minorVersionOf, type Interpreter } from "../interpreter/interpreter.ts";

/*
 * A lock is the whole closure of a model's requirements, one package a line, each with the hash of the file that is
 * installed. Its first line says for which kind of interpreter it was resolved: others may need other packages.
 *
 *   # modelwright lock 1: CPython 3.11 linux-x86_64 x86_64 cpython-311-x86_64-linux-gnu
 *   iniconfig==2.1.0 --hash=sha256:9deba572…
 *   mine @ https://example.org/mine-1.0-py3-none-any.whl --hash=sha256:8abb2f1d… # mine==1.0
 */

const PACKAGE_LINE =
  /^([A-Za-z0-9][A-Za-z0-9._-]*)(==[^\s;]+| @ \S+)(?: --hash=(?:sha256|sha384|sha512):[0-9a-f]+)+(?: # (\S+))?$/;

/** The first line of a lock, with its line break. Equal for interpreters that the same files can be installed for. */
export function lockHeader(interpreter: Interpreter): string {
  const { implementation, platform, machine, abi } = interpreter;
  return `# modelwright lock 1: ${implementation} ${minorVersionOf(interpreter)} ${platform} ${machine} ${abi}\n`;
}

/** The package lines of a lock, and what they install. */
export interface Lock {
  readonly lines: readonly string[];
  /** `name==version`, sorted. */
  readonly packages: readonly string[];
  /** Of the package lines alone. */
  readonly digest: string;
}

/**
 * @param where - what the lock belongs to, for messages.
 * @throws Failure `ENVIRONMENT_FAILED` for a line that is no hash-pinned package: pip would also take options.
 */
export function parseLock(text: string, where: string): Lock {
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  const packages = lines.map((line) => packageOf(line, where)).sort();
  return { lines, packages, digest: sha256(lines.map((line) => `${line}\n`).join("")) };
}

function packageOf(line: string, where: string): string {
  const [, name, source, installed] = PACKAGE_LINE.exec(line) ?? [];
  if (name !== undefined && source !== undefined) return installed ?? name + source;
  throw new Failure("ENVIRONMENT_FAILED", {
    message: `${where} has a line that is not a package with version and hash: ${JSON.stringify(line.slice(0, 200))}.`,
    hint: "Train with --upgrade to have the requirements resolved anew.",
    details: { where },
  });
}
