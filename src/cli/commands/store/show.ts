import type { JsonObject } from "../../../kernel/json.ts";
import type { Signature } from "../../../model/definition/signature.ts";
import type { ClassicMetadata, Manifest } from "../../../model/version/manifest.ts";
import { parseModelReference } from "../../../model/version/model-reference.ts";
import { isGiven, type RunCommand } from "../../command.ts";
import { metric, shortDigest, size, table } from "../../output/text.ts";

/** `show`: everything that is kept with one version. A version of an older tool has its eight keys and no more. */
export const run: RunCommand = async (context, input) => {
  const reference = parseModelReference(input.arguments[0] ?? "");
  const { store } = await context.services();
  const resolved = await store.resolve(reference);
  const { model, version } = resolved;
  const [metadata, { aliases }] = await Promise.all([store.readMetadata(resolved), store.aliases(model)]);
  const manifest = resolved.legacy ? null : await store.readManifest(resolved);
  const digest = resolved.legacy ? null : resolved.manifestDigest;
  const named = aliases.filter((entry) => entry.version === version).map(({ alias }) => alias);
  const json = { model, version, digest, aliases: named, metadata: { ...metadata }, manifest };
  if (manifest === null) return { json, text: legacyLines(model, metadata).join("\n") };
  const lines = isGiven(input, "files")
    ? fileLines(manifest)
    : isGiven(input, "signature")
      ? signatureLines(manifest.signature)
      : versionLines(manifest, { digest, aliases: named, author: metadata.author_email });
  return { json, text: lines.join("\n") };
};

interface Facts {
  readonly digest: string | null;
  readonly aliases: readonly string[];
  readonly author: string | null;
}

function versionLines(manifest: Manifest, { digest, aliases, author }: Facts): readonly string[] {
  const { model, version, createdAt, serving, environment, proof, run: made, files, signature } = manifest;
  const recorded = proof.recorded?.rows.length ?? 0;
  return [
    `${model}@${version}${aliases.length === 0 ? "" : ` (${aliases.join(", ")})`}`,
    ...rows([
      ["created", `${createdAt}${author === null ? "" : ` by ${author}`}, modelwright ${manifest.toolVersion}`],
      ["digest", digest],
      ["content", manifest.contentDigest],
      ["definition", manifest.definition === null ? null : `${manifest.definition.name} (${manifest.definition.id})`],
      ["model", [serving.language, manifest.framework].filter((word) => word !== null).join(", ")],
      ["proof", `${proof.level}, ${recorded} recorded ${recorded === 1 ? "row" : "rows"}`],
      ["metrics", numbers(Object.fromEntries(proof.metrics.map(({ name, value }) => [name, value])))],
      ["metrics of the model", numbers(manifest.modelMetrics)],
      ["parameters", numbers(manifest.parameters)],
      ["environment", `${environment.interpreter} on ${environment.architecture}, ${shortDigest(environment.digest)}`],
      ["packages", environment.packages.join(", ") || null],
      ["run", made === null ? null : made.id],
      ["code", made === null ? null : codeState(made.git)],
      [
        "data",
        Object.entries(manifest.dataDigests)
          .map(([name, data]) => `${name} ${shortDigest(data)}`)
          .join(", ") || null,
      ],
      [
        "signature",
        signature === null ? "none: rows are not checked" : `${signature.columns.length} columns (--signature)`,
      ],
      ["files", `${files.length}, ${size(files.reduce((sum, file) => sum + file.sizeBytes, 0))} (--files)`],
    ]),
  ];
}

function codeState(git: NonNullable<Manifest["run"]>["git"]): string {
  if (git === null) return "not under version control";
  const { commit, branch, isDirty } = git;
  return `${commit ?? "no commit"}${branch === null ? "" : ` on ${branch}`}${isDirty ? ", with changes that were not committed" : ""}`;
}

function fileLines({ files }: Manifest): readonly string[] {
  const listed = files.map(({ path, role, sizeBytes, sha256 }) => [role, size(sizeBytes), sha256, path]);
  return table(["ROLE", "SIZE", "SHA256", "PATH"], listed).split("\n");
}

function signatureLines(signature: Signature | null): readonly string[] {
  if (signature === null) return ["The version has no signature: rows go to the model unchecked."];
  const columns = signature.columns.map(({ name, type, optional, nullable, categories, description }) => [
    name,
    type,
    [optional === true ? "optional" : "", nullable === true ? "nullable" : ""].filter((word) => word !== "").join(", "),
    categories === undefined ? (description ?? "") : categories.join(" | "),
  ]);
  const outputs = signature.outputs.map(({ name, kind, classes }) => [name, kind, "", (classes ?? []).join(" | ")]);
  return [
    ...table(["COLUMN", "TYPE", "MAY BE", "VALUES"], columns).split("\n"),
    ...(outputs.length === 0 ? [] : ["", ...table(["OUTPUT", "KIND", "", "CLASSES"], outputs).split("\n")]),
  ];
}

function legacyLines(model: string, metadata: ClassicMetadata): readonly string[] {
  const facts = Object.entries(metadata as unknown as Readonly<Record<string, string | readonly string[] | null>>);
  return [
    `${model}@${metadata.version} was stored by an older tool: nothing about it can be checked.`,
    ...rows(facts.map(([name, value]) => [name, value === null ? null : [value].flat().join(", ")] as const)),
  ];
}

function numbers(values: JsonObject): string | null {
  const entries = Object.entries(values);
  return entries.length === 0 ? null : entries.map(([name, value]) => `${name} ${metric(plain(value))}`).join(", ");
}

function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function rows(facts: readonly (readonly [label: string, value: string | null])[]): readonly string[] {
  const given = facts.filter(([, value]) => value !== null && value !== "");
  const width = Math.max(...given.map(([label]) => label.length));
  return given.map(([label, value]) => `  ${label.padEnd(width)}  ${value ?? ""}`);
}
