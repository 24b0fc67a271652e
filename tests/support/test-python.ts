/**
 * The interpreter of the environment that `scripts/setup-tests.mjs` makes: Python with the packages of the examples.
 * @throws Error that says how to get it. Suites never skip in silence.
 */
export function testPython(): string {
  const interpreter = process.env["MODELWRIGHT_TEST_PYTHON"];
  if (interpreter === undefined || interpreter === "")
    throw new Error("MODELWRIGHT_TEST_PYTHON is not set: run `npm test`, whose set-up makes the test environment.");
  return interpreter;
}
