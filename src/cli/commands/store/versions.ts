import type { JsonObject } from "../../../kernel/json.ts";
import type { Services } from "../../../lifecycle/services.ts";
import { parseName } from "../../../model/version/model-reference.ts";
import type { AliasEntry, DamagedAlias, VersionSummary } from "../../../store/model-store.ts";
import type { CommandOutput, RunCommand } from "../../command.ts";
import { metric, size, table } from "../../output/text.ts";

/** `versions`: all models of the store, or all versions of one. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const model = input.arguments[0];
  return model === undefined ? allModels(services) : versionsOf(services, parseName(model, "model"));
};

async function allModels(services: Services): Promise<CommandOutput> {
  const names = await services.store.models();
  const models = await Promise.all(
    names.map(async (name) => {
      const [versions, { aliases, damaged }] = await Promise.all([
        services.store.versions(name),
        services.store.aliases(name),
      ]);
      return {
        ...{ name, versionCount: versions.length, newest: versions[0]?.version ?? null },
        ...{ aliases: aliasJson(aliases), damagedAliases: damaged.map((alias) => ({ ...alias })) },
      };
    }),
  );
  const rows = models.map(({ name, versionCount, newest, aliases }) => [
    name,
    String(versionCount),
    newest ?? "",
    aliases.map(({ alias, version }) => `${alias} → ${version ?? ""}`).join(", "),
  ]);
  const damaged = models.flatMap(({ name, damagedAliases }) => damagedLines(name, damagedAliases));
  const text =
    names.length === 0
      ? `Nothing is published in ${services.store.location}. \`modelwright publish <model>\` publishes a trained model.`
      : [table(["MODEL", "VERSIONS", "NEWEST", "ALIASES"], rows), ...damaged].join("\n");
  return { json: { models }, text };
}

async function versionsOf(services: Services, model: string): Promise<CommandOutput> {
  const [versions, { aliases, damaged }] = await Promise.all([
    services.store.versions(model),
    services.store.aliases(model),
  ]);
  if (versions.length === 0) await services.store.requireModel(model);
  const aliasesOf = (version: string) => aliases.filter((entry) => entry.version === version).map(({ alias }) => alias);
  const json = versions.map((version) => versionJson(version, aliasesOf(version.version)));
  const rows = versions.map((version) => versionRow(version, aliasesOf(version.version)));
  return {
    json: { model, versions: json, damagedAliases: damaged.map((alias) => ({ ...alias })) },
    text: [
      table(["VERSION", "PROOF", "ALIASES", "CREATED", "SIZE", "METRICS"], rows),
      ...damagedLines(model, damaged),
    ].join("\n"),
  };
}

function damagedLines(model: string, damaged: readonly DamagedAlias[]): readonly string[] {
  return damaged.map(
    ({ alias, message }) =>
      `Where ${model}@${alias} points is not known: ${message} \`modelwright alias set\` sets it anew.`,
  );
}

function aliasJson(aliases: readonly AliasEntry[]) {
  return aliases.map(({ alias, version }) => ({ alias, version }));
}

function versionJson(summary: VersionSummary, aliases: readonly string[]): JsonObject {
  const { version, createdAt, legacy, commit, fault } = summary;
  return {
    version,
    createdAt,
    aliases,
    digest: commit?.manifestDigest ?? null,
    contentDigest: commit?.contentDigest ?? null,
    proof: commit?.proofLevel ?? "none",
    metrics: commit?.metrics ?? {},
    language: commit?.language ?? null,
    run: commit?.runId ?? null,
    sizeBytes: commit?.sizeBytes ?? null,
    isLegacy: legacy,
    fault: fault === null ? null : { ...fault },
  };
}

function versionRow(summary: VersionSummary, aliases: readonly string[]): readonly string[] {
  const { version, createdAt, legacy, commit, fault } = summary;
  if (fault !== null) return [version, fault.code, aliases.join(", "), "", "", fault.message];
  const metrics = Object.entries(commit?.metrics ?? {}).map(([name, value]) => `${name} ${metric(value)}`);
  return [
    version,
    legacy ? "unvalidated" : (commit?.proofLevel ?? ""),
    aliases.join(", "),
    createdAt ?? "",
    commit === null ? "" : size(commit.sizeBytes),
    metrics.join(", "),
  ];
}
