import js from "@eslint/js";
import tseslint from "typescript-eslint";

const ZOD_AS_A_NAMESPACE = {
  selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier[imported.name='z']",
  message: "Write `import * as z`: the bundle then leaves out half a megabyte that every start would read.",
};

/** What every request goes through. */
const HOT_PATH = [
  "src/http/{content-type,predict-routes,read-body,reply,router}.ts",
  "src/serving/{alarm,batcher,prediction-log,prepare-rows,redact-rows,request-queue}.ts",
  "src/engines/engine-pool.ts",
  "src/engines/worker/{call,call-dispatcher,call-line,parse-worker-message}.ts",
  "src/model/prediction/{column-rule,exact-json,exact-parser,parse-body,request-envelope,row-rules,scan-json}.ts",
  "runtimes/typescript/serving/*.ts",
];

/** Node 20 takes 1.4 µs for each property behind it, which Node 24 does in nothing: docs/decisions/0021. */
const NO_SPREAD_THAT_IS_ADDED_TO = {
  selector: "ObjectExpression[properties.0.type='SpreadElement'] > Property",
  message: "Name the properties, or let the spread come last: an object spread that is added to is slow.",
};

export default tseslint.config(
  { ignores: ["dist/", "build/", "node_modules/", "modelwright-demo/", "templates/", "examples/", "tests/fixtures/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/ban-ts-comment": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers and booleans read well inside messages; only objects would print badly.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `() => sideEffect()` is the plainest way to write a callback.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      // Not no-restricted-imports, which for a name that is restricted also refuses `import * as z`.
      "no-restricted-syntax": ["error", ZOD_AS_A_NAMESPACE],
    },
  },
  {
    files: HOT_PATH,
    rules: { "no-restricted-syntax": ["error", ZOD_AS_A_NAMESPACE, NO_SPREAD_THAT_IS_ADDED_TO] },
  },
  {
    files: ["tests/**", "src/**/*.test.ts"],
    rules: { "max-lines": "off" },
  },
  {
    // Plain JavaScript is no part of the TypeScript project.
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly" } },
    rules: { "no-console": "off" },
  },
);
