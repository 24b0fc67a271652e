import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { inspectFile } from "../../src/lifecycle/inspection/inspect-file.ts";
import { compressionOf } from "../../src/pickles/open-pieces.ts";
import { folderMadeBy } from "../arrays/support/run-python.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { torchPython } from "../support/torch-python.ts";

const MAKE = `
import pickle, joblib, numpy as np, pandas as pd, scipy.sparse as sp
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
frame = pd.DataFrame({"kind": ["x", "y"] * 20, "size": np.arange(40.0)})
y = np.where(frame["size"] > 19, "big", "small")
table = make_column_transformer((OneHotEncoder(), ["kind"]), (StandardScaler(), ["size"]))
things = {
    "pipeline": make_pipeline(table, LogisticRegression()).fit(frame, y),
    "forest": RandomForestClassifier(3, random_state=np.random.RandomState(1)).fit(frame[["size"]], y),
    "boosting": GradientBoostingClassifier(n_estimators=3).fit(frame[["size"]], y),
    "histogram": HistGradientBoostingRegressor(max_iter=3).fit(frame[["size"]], frame["size"]),
    "neighbours": KNeighborsClassifier().fit(frame[["size"]].to_numpy(), y),
    "svm": SVC().fit(frame[["size"]], y),
    "texts": TfidfVectorizer().fit(["a text", "another text"]),
    "frame": frame.assign(day=pd.date_range("2020-01-01", periods=40), kind=frame["kind"].astype("category")),
    "sparse": sp.eye(3).tocsr(),
    "records": np.array([(1, "a", object)], dtype=[("a", "i4"), ("b", "U3"), ("c", "O")]),
    "times": np.array(["2020-01-01"], dtype="M8[ns]"),
    "big": np.arange(200_000.0),
    "complex": np.exp(1j * np.arange(8)),
}
for name, thing in things.items():
    for protocol in (0, 2, 4, 5):
        pickle.dump(thing, open("%s-%d.pkl" % (name, protocol), "wb"), protocol)
    joblib.dump(thing, name + ".joblib")
    joblib.dump(thing, name + "-zlib.joblib", compress=3)
    joblib.dump(thing, name + "-gzip.joblib", compress=("gzip", 1))
for kind in ("xz", "bz2", "lzma"):
    joblib.dump(things["pipeline"], kind + ".joblib", compress=(kind, 1))
class Own: pass
pickle.dump(Own(), open("own.pkl", "wb"))
`;

const MAKE_TORCH = `
import pickle, torch
net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.BatchNorm1d(3))
torch.save(net.state_dict(), "state.pt")
torch.save(net, "whole.pt")
torch.save(net.state_dict(), "legacy.pt", _use_new_zipfile_serialization=False)
torch.save({"half": torch.ones(2).half(), "flags": torch.tensor([True]), "sparse": torch.eye(3).to_sparse(),
    "small": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8), "parameter": torch.nn.Parameter(torch.ones(2)),
    "size": torch.Size([1]), "type": torch.float32, "device": torch.device("cpu")}, "mixed.pth")
torch.jit.script(net).save("script.pt")
pickle.dump(torch.ones(3), open("tensor.pkl", "wb"))
`;

const NAMES = "pipeline forest boosting histogram neighbours svm texts frame sparse records times big complex".split(
  " ",
);

let folder = "";
let torchFolder = "";
beforeAll(async () => {
  [folder, torchFolder] = await Promise.all([folderMadeBy(MAKE), folderMadeBy(MAKE_TORCH, torchPython())]);
});

test.each(NAMES)(
  "a %s is followed to its end in every form, and found to need well-known packages only",
  async (name) => {
    const files = ["-0.pkl", "-2.pkl", "-4.pkl", "-5.pkl", ".joblib", "-zlib.joblib", "-gzip.joblib"];
    for (const ending of files) {
      const { format, pickles, verdict } = await inspectFile(join(folder, `${name}${ending}`), null);
      const unwanted = pickles.flatMap(({ imports }) => imports.filter((found) => found.verdict !== "allowed"));
      expect({ ending, unwanted, problem: pickles[0]?.problem, suspicions: pickles[0]?.suspicions, verdict }).toEqual(
        name === "records"
          ? { ending, unwanted: expect.any(Array) as unknown, problem: null, suspicions: [], verdict }
          : { ending, unwanted: [], problem: null, suspicions: [], verdict: "allowed" },
      );
      expect(format).toBe(ending.endsWith(".pkl") ? "pickle" : format);
    }
  },
);

test("a project's list allows what it names, and nothing else", async () => {
  const verdict = async (...patterns: readonly string[]) =>
    (await inspectFile(join(folder, "pipeline.joblib"), patterns)).verdict;
  expect(await verdict("sklearn.*", "numpy.*", "pandas.*", "scipy.*")).toBe("allowed");
  expect(await verdict("sklearn.*")).toBe("unknown");
  expect(await verdict()).toBe("unknown");
  const own = join(folder, "own.pkl");
  expect((await inspectFile(own, null)).verdict).toBe("unknown");
  expect((await inspectFile(own, ["__main__.Own"])).verdict).toBe("allowed");
});

test("a dangerous name is allowed only where it is written out in full", async () => {
  const path = join(await testFolder(), "call.pkl");
  await writeFile(path, "cbuiltins\ngetattr\n(S'a'\nS'b'\ntR.");
  expect((await inspectFile(path, ["builtins.*"])).verdict).toBe("dangerous");
  expect((await inspectFile(path, ["builtins.getattr"])).verdict).toBe("allowed");
});

test.each(["xz", "bz2", "lzma"])(
  "a file compressed with %s cannot be checked without Python, which is told",
  async (kind) => {
    const { verdict, pickles } = await inspectFile(join(folder, `${kind}.joblib`), null);
    expect(verdict).toBe("dangerous");
    expect(pickles[0]?.problem).toContain(`compressed with ${kind} are not read`);
  },
);

test.each([
  ["lz4", "04224d186470b9"],
  ["zstd", "28b52ffd2000"],
])("what %s compressed cannot be checked, whatever it is called", async (kind, bytes) => {
  const path = join(await testFolder(), "model.bin");
  await writeFile(path, Buffer.from(bytes, "hex"));
  const { compression, pickles, verdict } = await inspectFile(path, null);
  expect({ compression, verdict }).toEqual({ compression: kind, verdict: "dangerous" });
  expect(pickles[0]?.problem).toContain(`compressed with ${kind} are not read`);
});

test("LZMA is told by its first bytes for any size of its dictionary", () => {
  for (const start of ["5d00008000", "5d00100000"]) expect(compressionOf(Buffer.from(start, "hex"))).toBe("lzma");
});

const le64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const TENSORS = '{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}';

test.each<[name: string, bytes: Buffer, expected: object]>([
  [
    "model.safetensors",
    Buffer.concat([le64(TENSORS.length), Buffer.from(TENSORS), Buffer.alloc(24)]),
    { format: "safetensors", about: { format: "pt" }, arrays: [{ name: "w", dtype: "F32", shape: [2, 3] }] },
  ],
  [
    "model.json",
    Buffer.from(
      '{"learner":{"feature_names":["a"],"learner_model_param":{"num_feature":"1"},"objective":{"name":"reg"}},"version":[3,0,2]}',
    ),
    { format: "XGBoost (JSON)", about: { version: "3.0.2", objective: "reg", features: "1" } },
  ],
  ["model.ubj", Buffer.from("{L\0\0\0\0\0\0\0\x07learner{"), { format: "XGBoost (UBJ)" }],
  ["model.txt", Buffer.from("tree\nversion=v4\n"), { format: "LightGBM" }],
  [
    "model.onnx",
    Buffer.from("\x08\x09\x12\x07skl2onnx"),
    { format: "ONNX", about: { irVersion: 9, producer: "skl2onn" } },
  ],
  ["model.h5", Buffer.from("\x89HDF\r\n\x1a\nrest", "latin1"), { format: "HDF5" }],
  ["notes.md", Buffer.from("# Notes\nnothing else\n"), { format: "unknown" }],
  ["rows.csv", Buffer.from("city\nBerlin\nParis\n"), { format: "table" }],
  ["empty", Buffer.alloc(0), { format: "unknown" }],
])("%s is recognised and holds no pickle", async (name, bytes, expected) => {
  const path = join(await testFolder(), name);
  await writeFile(path, bytes);
  expect(await inspectFile(path, null)).toMatchObject({ ...expected, verdict: null, pickles: [] });
});

test("files of PyTorch are followed to their end; only TorchScript has names of its own", async () => {
  const verdicts = await Promise.all(
    ["state.pt", "whole.pt", "legacy.pt", "mixed.pth", "script.pt"].map(async (name) => {
      const { format, verdict, pickles } = await inspectFile(join(torchFolder, name), null);
      const doubtful = pickles.flatMap(({ imports }) => imports.filter((found) => found.verdict !== "allowed"));
      expect(doubtful.filter(({ module }) => !module.startsWith("__torch__."))).toEqual([]);
      expect(pickles.map(({ problem }) => problem)).toEqual(pickles.map(() => null));
      return [name, format, verdict];
    }),
  );
  expect(verdicts).toEqual([
    ["state.pt", "PyTorch", "allowed"],
    ["whole.pt", "PyTorch", "allowed"],
    ["legacy.pt", "pickle", "allowed"],
    ["mixed.pth", "PyTorch", "allowed"],
    ["script.pt", "TorchScript", "unknown"],
  ]);
});

test("a tensor in a plain pickle is a pickle within a pickle", async () => {
  expect((await inspectFile(join(torchFolder, "tensor.pkl"), null)).verdict).toBe("dangerous");
});
