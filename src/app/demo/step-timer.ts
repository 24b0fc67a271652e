/** Prints one line of what the demo did. */
export type Say = (line: string) => void;

/** Prints a step that is done with the time that it took and, below it, the command that does the same. */
export function stepTimer(say: Say): (what: string, command: string | null) => void {
  let since = performance.now();
  return (what, command) => {
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    since = performance.now();
    say(`  ✓ ${what} (${seconds} s)`);
    if (command !== null) say(`      $ ${command}`);
  };
}
