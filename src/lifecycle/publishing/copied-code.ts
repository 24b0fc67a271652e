import { join } from "node:path";

import { layOutFiles } from "../../files/lay-out-files.ts";
import { Failure } from "../../kernel/failure.ts";
import { runtimeOf } from "../running/prepare-environment.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";

/** What Python raises when an import finds nothing. */
const MISSING_MODULE = /\b(?:ModuleNotFound|Import)Error:/;

/** A model whose code lies in a folder that holds nothing but what its version will hold. */
export interface CopiedCode {
  readonly loadable: Loadable;
  /** The same error, naming the files of the checkout, and what is missing in the version. */
  readonly retell: (error: unknown) => unknown;
  readonly remove: () => Promise<void>;
}

/**
 * Copies the code that a version keeps, so that a scorer that needs more of the checkout fails before it is published,
 * and not on the machine that serves it. Code that is staged elsewhere anyway (a bundle) is left as it is.
 * @throws Failure of staging, `STATE_UNWRITABLE`.
 */
export async function copyCode(services: Services, loadable: Loadable, work: Work): Promise<CopiedCode> {
  const { code, serving } = loadable;
  const runtime = runtimeOf(services, serving.language);
  const staged = await runtime.stage({ code, cacheFolder: services.folders.cache, ...work });
  if (staged.codeRoot !== code.codeRoot) {
    return { loadable, retell: (error) => error, remove: () => Promise.resolve() };
  }
  const folder = await makeWorkFolder(services);
  const codeRoot = join(folder.path, "code");
  try {
    await layOutFiles(
      codeRoot,
      staged.files.map(({ source, path }) => ({ source, paths: [path] })),
    );
  } catch (error) {
    await folder.remove();
    throw error;
  }
  const copied = { codeRoot, projectRoot: codeRoot, definitionFolder: codeRoot, codeFiles: code.codeFiles };
  return {
    loadable: { ...loadable, code: copied },
    retell: (error) => retell(error, { copy: codeRoot, original: code.codeRoot }),
    remove: folder.remove,
  };
}

function retell(error: unknown, { copy, original }: { readonly copy: string; readonly original: string }): unknown {
  if (!(error instanceof Failure)) return error;
  const details = JSON.stringify(error.details);
  if (!error.message.includes(copy) && !details.includes(copy)) return error;
  const advice = error.hint === null ? [] : [error.hint];
  if (MISSING_MODULE.test(error.message) || error.message.includes(`'${copy}/`)) {
    advice.push(
      `A version holds only the files of ${original}: what the code imports or reads from elsewhere in the checkout must be put into model_modules/, or become a package.`,
    );
  }
  return new Failure(error.code, {
    message: error.message.replaceAll(copy, original),
    hint: advice.join("\n"),
    details: JSON.parse(details.replaceAll(copy, original)) as Failure["details"],
    cause: error.cause,
  });
}
