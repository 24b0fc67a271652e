import { statSync } from "node:fs";
import { join } from "node:path";

import type { Mirror } from "../../files/folders/mirror-folder.ts";
import { listChangedSince } from "../../files/walk/list-changed-since.ts";
import type { ActiveRun } from "../../runs/run-store.ts";
import type { Services } from "../services.ts";
import type { ModelJob } from "./run-model-job.ts";

const MAX_LISTED = 100;
const MAX_SHOWN = 5;
/** Looking at more would take longer than many a training. */
const MAX_FILES = 1_000;

/**
 * Records and tells which files a job wrote beside its code, and which of the project changed meanwhile. The copy of the
 * code goes; what was written into it is kept, because its author may miss it.
 */
export async function tellStrayFiles(
  services: Services,
  { active, subject, notes }: ModelJob,
  mirror: Mirror | null,
): Promise<void> {
  const kept = besideCodeFolder(active);
  const besideCode = (await mirror?.end(kept)) ?? [];
  const changed = await changedInProject(services, { active, subject });
  if (besideCode.length > 0) notes.push(besideCodeNote(besideCode, active));
  if (changed.length > 0) {
    notes.push(
      `While it ran, these files of the project changed, by the model's doing or another's: ${shown(changed)}. A model that writes there changes the code it is trained from.`,
    );
  }
  if (besideCode.length + changed.length === 0) return;
  await active.update({
    ...(besideCode.length === 0 ? {} : { besideCode: besideCode.slice(0, MAX_LISTED) }),
    ...(changed.length === 0 ? {} : { changedInProject: changed.slice(0, MAX_LISTED) }),
  });
}

function changedInProject(
  { settings }: Services,
  { active, subject }: Pick<ModelJob, "active" | "subject">,
): Promise<readonly string[]> {
  const started = statSync(join(active.folders.job, "job.json"), { throwIfNoEntry: false });
  // Code that lies elsewhere was laid out for this run: nobody works there.
  if (started === undefined || subject.code.isCheckout !== true) return Promise.resolve([]);
  const { definitionFolder, projectRoot } = subject.code;
  return listChangedSince({
    folders: [definitionFolder, projectRoot],
    except: [settings.home, settings.store],
    sinceMs: started.ctimeMs,
    maxFiles: MAX_FILES,
  });
}

/** What is said about files that a model wrote beside its code. */
export function besideCodeNote(paths: readonly string[], active: ActiveRun): string {
  return `It wrote beside its code: ${shown(paths)}. The checkout stays as it is; what was written is below ${besideCodeFolder(active)}.`;
}

function besideCodeFolder({ folders }: ActiveRun): string {
  return join(folders.run, "beside-code");
}

function shown(paths: readonly string[]): string {
  const more = paths.length - MAX_SHOWN;
  return [...paths.slice(0, MAX_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
