import { statSync } from "node:fs";
import { join } from "node:path";

import type { Mirror } from "../../files/folders/mirror-folder.ts";
import { listChangedSince } from "../../files/walk/list-changed-since.ts";
import { messageOf } from "../../kernel/failure.ts";
import type { CodeSource } from "../../model/ports/runtime.ts";
import type { ActiveRun } from "../../runs/run-store.ts";
import type { Services } from "../services.ts";

const MAX_LISTED = 100;
const MAX_SHOWN = 5;
/** Looking at more would take longer than many a training. */
const MAX_FILES = 1_000;

/** A job whose code ran, and where what it leaves is told. */
export interface StrayFilesRequest {
  readonly active: ActiveRun;
  readonly code: CodeSource;
  readonly mirror: Mirror | null;
  /** Sentences for the user are added to these. */
  readonly notes: string[];
}

/**
 * Records and tells which files a job wrote beside its code, and which of the project changed meanwhile. What was written
 * into the copy of the code is kept, because its author may miss it. Never fails: a run is worth more.
 */
export async function tellStrayFiles(services: Services, request: StrayFilesRequest): Promise<void> {
  const { active, notes } = request;
  try {
    const besideCode = await keepBesideCode(request);
    const changed = await changedInProject(services, request);
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
  } catch (error) {
    services.log("warn", "run.strayFilesUntold", { run: active.id, reason: messageOf(error) });
  }
}

async function keepBesideCode({ active, mirror, notes }: StrayFilesRequest): Promise<readonly string[]> {
  const written = (await mirror?.listWritten()) ?? [];
  if (written.length === 0) return [];
  try {
    await mirror?.keep(written, besideCodeFolder(active));
    notes.push(besideCodeNote(written, active));
  } catch (error) {
    notes.push(`It wrote beside its code: ${shown(written)}. That could not all be kept: ${messageOf(error)}`);
  }
  return written;
}

function changedInProject({ settings }: Services, { active, code }: StrayFilesRequest): Promise<readonly string[]> {
  const started = statSync(join(active.folders.job, "job.json"), { throwIfNoEntry: false });
  // Code that lies elsewhere was laid out for this run: nobody works there.
  if (started === undefined || code.isCheckout !== true) return Promise.resolve([]);
  const { definitionFolder, projectRoot } = code;
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
