/**
 * The interpreter of the environment that `scripts/setup-tests.mjs` makes: Python with the packages of the examples.
 * @throws Error that says how to get it. Suites never skip in silence.
 */
export function testPython(): string {
  return interpreterOf("MODELWRIGHT_TEST_PYTHON");
}

/** One with the newest pandas and nothing else. @throws Error that says how to get it. */
export function newPandasPython(): string {
  return interpreterOf("MODELWRIGHT_TEST_PANDAS_3_PYTHON");
}

function interpreterOf(variable: string): string {
  const interpreter = process.env[variable];
  if (interpreter === undefined || interpreter === "")
    throw new Error(`${variable} is not set: run \`npm test\`, whose set-up makes the test environments.`);
  return interpreter;
}
