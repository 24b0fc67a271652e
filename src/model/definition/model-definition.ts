import type { JsonObject } from "../../kernel/json.ts";
import type { Signature } from "./signature.ts";
import type { Tolerance } from "../prediction/tolerance.ts";

/** The languages that model definitions are written in, in the spelling of `model.json`. */
export const LANGUAGES = ["python", "R", "sql", "pyspark", "typescript"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a folder is arranged. More layouts come with their adapters. */
export type LayoutName = "definitions";

/** Requirements of a definition, as they stood when the folder was read. */
export interface RequirementsFile {
  /** The file that they came from, relative to the definition folder, with `/`: also a `pyproject.toml`. */
  readonly path: string;
  /** Lines of a requirements file as pip reads it. */
  readonly text: string;
  /** Pythons that the file asks for, alternatives divided by `||`: `>=3.8,<4`, `==3.8.* || ==3.10.*` (PEP 440). */
  readonly requiresPython?: string | undefined;
  /** True where the text names all that is to be installed, from a `poetry.lock` or `uv.lock`. */
  readonly isClosure?: boolean | undefined;
}

/** Which labelled data the platform evaluates a model on, and where the answer stands in it. */
export interface EvaluationSpec {
  /** Data file (CSV, JSON or JSON Lines), relative to the definition folder or the project. */
  readonly data: string;
  /** Column that holds the true value. It is taken out before rows go to the model. */
  readonly target: string;
  /** For two classes: the label that counts as positive. */
  readonly positive?: string | number | boolean | undefined;
}

/** Environment variables that a model is given beyond the allow-list. */
export interface VariablesSpec {
  readonly pass: readonly string[];
  readonly set: Readonly<Record<string, string>>;
}

/**
 * How a scorer's `predict` takes rows: `rows` is a two-dimensional array (many rows), `row` one row at a time.
 */
export type PredictForm = "rows" | "row";

/**
 * In which Python value rows arrive: `array` (NumPy: of numbers, or of objects where there is text; nested lists where
 * NumPy is not installed), `list`, `frame` (pandas), `records` (dicts).
 */
export type InputForm = "array" | "list" | "frame" | "records";

/** A data configuration that stands beside a definition (`.cli/datasets/*.json`). */
export interface DataConfiguration {
  /** File name without `.json`. */
  readonly name: string;
  /** Absolute path of the file it was read from. */
  readonly path: string;
  /** Empty where the file is broken. */
  readonly value: JsonObject;
  /** A broken file is no fault of the definition; it is one of the run that chooses it. */
  readonly isBroken: boolean;
}

/** Rows in the form in which they are served, that stand beside a definition (`samples/*.json`). */
export interface SampleRows {
  /** Path relative to the definition folder. */
  readonly path: string;
  readonly rows: readonly unknown[];
  /** Names of the values where rows are arrays, if the file gives them. */
  readonly names?: readonly string[] | undefined;
}

/** A model definition: a folder that says how a model is trained, evaluated and served. Read, never written. */
export interface ModelDefinition {
  /** Identity: the `id` of `model.json`, or the name where there is none. */
  readonly id: string;
  /** For people. May hold spaces and brackets. */
  readonly name: string;
  /** The name in the model store and in URLs, derived from `name`; see `storeName`. */
  readonly storeName: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly framework: string | null;
  readonly language: Language;
  readonly layout: LayoutName;
  /** Absolute path of the definition folder. */
  readonly folder: string;
  /** Absolute path of the folder that holds `model_modules/` and `config.json`. */
  readonly codeRoot: string;
  /** Absolute path of the folder in which relative data paths and Node packages are looked up second. */
  readonly projectRoot: string;
  /** `config.json` whole; its `hyperParameters` are what the code sees as `model_conf["hyperParameters"]`. */
  readonly config: JsonObject;
  readonly requirements: { readonly train: readonly RequirementsFile[]; readonly predict: readonly RequirementsFile[] };
  readonly dataConfigurations: readonly DataConfiguration[];
  readonly samples: readonly SampleRows[];
  readonly signature: Signature | null;
  readonly evaluation: EvaluationSpec | null;
  readonly tolerance: Tolerance | null;
  readonly variables: VariablesSpec;
  readonly predictForm: PredictForm | null;
  readonly inputForm: InputForm | null;
  /** File name of the main artifact (`model`), where the definition names it. */
  readonly mainArtifact: string | null;
  /** `resources.training.limits.memory` in bytes, where given. */
  readonly memoryLimitBytes: number | null;
  /** `resources.serving.limits.memory` in bytes, where given: of each worker. */
  readonly servingMemoryLimitBytes: number | null;
  /** `model.json` whole, unknown fields included. */
  readonly raw: JsonObject;
  /** Paths (relative to `codeRoot`, with `/`) of every file that belongs to the code: what a version keeps. */
  readonly codeFiles: readonly string[];
}

/** One thing that is wrong with a definition. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  /** `path`, `path:line:column` or `path#/json/pointer`, relative to the folder searched. */
  readonly where: string;
  readonly remedy: string;
}

/** What reading one definition folder gave: a definition, or every fault at once. */
export type ReadDefinition =
  | {
      readonly valid: true;
      readonly definition: ModelDefinition;
      readonly faults: readonly [];
      /** What is odd but stops nothing: a field given twice, a file that is left out. */
      readonly warnings: readonly Fault[];
    }
  | {
      readonly valid: false;
      readonly faults: readonly Fault[];
      /** What could be read all the same, so that an invalid definition can still be listed. */
      readonly partial: {
        readonly id: string | null;
        readonly name: string;
        readonly language: string | null;
        readonly layout: LayoutName;
        readonly folder: string;
        /** True where the file is no broken definition but something else of that name: libraries save models so. */
        readonly isForeign: boolean;
      };
    };
