/** What the tool takes from the process that it runs in. This is the one file that reads `process.env`. */
export interface ProcessFacts {
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pid: number;
  /** Standard output is a terminal. */
  readonly stdoutIsTerminal: boolean;
  /** Standard error is a terminal: progress and colour are shown. */
  readonly stderrIsTerminal: boolean;
  readonly stdinIsTerminal: boolean;
}

export function readProcess(): ProcessFacts {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) variables[name] = value;
  return {
    variables,
    cwd: process.cwd(),
    pid: process.pid,
    stdoutIsTerminal: process.stdout.isTTY,
    stderrIsTerminal: process.stderr.isTTY,
    stdinIsTerminal: process.stdin.isTTY,
  };
}
