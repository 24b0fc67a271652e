import { readGitEmail } from "../../git/read-git-email.ts";
import { Failure } from "../../kernel/failure.ts";
import type { Services } from "../services.ts";

/**
 * Flag > project > git's user.email.
 * @throws Failure `CONFIG_INVALID` when the project does not allow it.
 */
export async function authorEmail(
  services: Services,
  folder: string,
  given: string | null = null,
): Promise<string | null> {
  const { settings } = services;
  const email = given ?? settings.authorEmail ?? (await readGitEmail(folder, { variables: services.processVariables }));
  return requireAllowedEmail(email, settings.allowedEmailDomains);
}

function requireAllowedEmail(email: string | null, domains: readonly string[]): string | null {
  if (
    domains.length === 0 ||
    (email !== null && domains.some((domain) => email.toLowerCase().endsWith(`@${domain.toLowerCase()}`)))
  )
    return email;
  throw new Failure("CONFIG_INVALID", {
    message:
      email === null
        ? "The author's e-mail address is not known."
        : `The author's e-mail address ${email} is of none of the allowed domains.`,
    hint: `The project allows ${domains.join(", ")}. Set "authorEmail" in modelwright.json or git's user.email.`,
  });
}
