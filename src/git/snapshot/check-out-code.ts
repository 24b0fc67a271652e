import { existsSync } from "node:fs";
import { join } from "node:path";

import { inTemporaryFolder } from "../../files/folders/temporary-folder.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { Failure, messageOf } from "../../kernel/failure.ts";
import type { CodeRecord } from "../../model/run/code-record.ts";
import type { GitDependencies } from "../run-git.ts";
import { makeBareRepository, type BareRepository } from "./bare-repository.ts";
import { withoutFilters } from "../without-filters.ts";
import { gitText } from "./list-changes.ts";
import { locateCheckout, type Checkout } from "./locate-checkout.ts";

export interface CheckOutRequest {
  /** Absolute. Made; holds the checkout afterwards, without `.git`. */
  readonly target: string;
  /** Absolute: `code/` of the state folder. */
  readonly codeFolder: string;
  readonly temporaryFolder: string;
}

/**
 * Lays out the code of a run, a commit or a snapshot, in a folder of its own. The repository that it came from is read only.
 * @throws Failure `RUN_CODE_MISSING` when the repository, its commit or the bundle is gone.
 */
export async function checkOutCode(code: CodeRecord, request: CheckOutRequest, deps: GitDependencies): Promise<void> {
  const checkout = existsSync(code.root) ? await locateCheckout(code.root, deps) : null;
  if (checkout === null) throw missing(code, `${code.root} is no git repository any more`);
  const bundle = code.stored === null ? null : join(request.codeFolder, code.stored);
  if (bundle !== null && !existsSync(bundle)) throw missing(code, `${bundle} is gone`);
  await makeFolders(request.target);
  await inTemporaryFolder(request.temporaryFolder, async (temporary) => {
    try {
      const repository = await borrow(code, { checkout, bundle, temporary }, deps);
      const options = {
        ...deps,
        ...(await withoutFilters(checkout.top, deps)),
        repository: repository.folder,
        workTree: request.target,
        timeoutMs: CHECK_OUT_TIMEOUT_MS,
      };
      const index = join(temporary, "index");
      const commit = code.commit ?? "";
      await gitText(request.target, ["read-tree", "--reset", "-u", commit], { ...options, index });
    } catch (error) {
      if (error instanceof Failure || deps.signal?.aborted === true) throw error;
      throw missing(code, messageOf(error), error);
    }
  });
}

const CHECK_OUT_TIMEOUT_MS = 120_000;

/** Where a commit is borrowed from. */
interface Lender {
  readonly checkout: Checkout;
  /** Absolute path of the bundle that holds a snapshot; null: the checkout's repository has the commit. */
  readonly bundle: string | null;
  /** Absolute. */
  readonly temporary: string;
}

/** A repository of our own that has the commit. */
async function borrow(
  { base }: CodeRecord,
  { checkout, bundle, temporary }: Lender,
  deps: GitDependencies,
): Promise<BareRepository> {
  const repository = await makeBareRepository(join(temporary, "repository"), checkout);
  // A bundle is only opened where a branch leads to what it builds on.
  if (base !== null) await repository.point("base", base);
  if (bundle !== null)
    await gitText(temporary, ["bundle", "unbundle", bundle], { ...deps, repository: repository.folder });
  return repository;
}

function missing({ commit, root }: CodeRecord, reason: string, cause?: unknown): Failure {
  return new Failure("RUN_CODE_MISSING", {
    message: `The code of the run, commit ${commit ?? "none"} of ${root}, cannot be found again: ${reason}.`,
    hint: "Fetch the commit into the repository, or put the repository back where it was.",
    details: { commit, root },
    cause,
  });
}
