import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { inspectFile } from "../../src/lifecycle/inspection/inspect-file.ts";
import { importJudge } from "../../src/pickles/policy/judge-import.ts";
import { folderMadeBy } from "../arrays/support/run-python.ts";
import { testFolder } from "../process/support/test-folder.ts";

/** Each file, opened by what opens such files, would make the file `trace`; the script makes sure that it does. */
const MAKE = String.raw`
import io, os, pickle, struct, sys, warnings, zipfile, zlib, joblib, numpy as np, pandas as pd
from sklearn.linear_model import LinearRegression

class Evil:
    def __reduce__(self):
        return os.system, ("touch trace",)

def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data

def short(value):
    return b"\x8c" + bytes([len(value)]) + value.encode()

CALL = text("touch trace") + b"\x85R"
files = {}
for protocol in range(6):
    files["protocol-%d.pkl" % protocol] = pickle.dumps(Evil(), protocol)
files["inst.pkl"] = b"(S'touch trace'\nios\nsystem\n."
files["obj.pkl"] = b"(cos\nsystem\n" + text("touch trace") + b"o."
files["escaped-names.pkl"] = b"\x80\x04S'o\\x73'\nS'\\163ystem'\n\x93" + CALL + b"."
files["unicode-names.pkl"] = b"\x80\x04V\\u006fs\nVsy\\u0073tem\n\x93" + CALL + b"."
files["names-in-memo.pkl"] = b"\x80\x04" + short("system") + b"\x94" + short("os") + b"\x940" + b"h\x01h\x00\x93" + CALL + b"."
files["memo-with-underscore.pkl"] = b"\x80\x04" + short("os") + b"p1_0\n0" + short("system") + b"p11\n0g10\ng1_1\n\x93" + CALL + b"."
files["dotted-name.pkl"] = b"\x80\x04" + short("joblib.parallel") + short("os.system") + b"\x93" + CALL + b"."
files["globals-of-a-class.pkl"] = (b"\x80\x04" + short("sklearn.linear_model._base")
    + short("LinearRegression.fit.__globals__.__getitem__") + b"\x93" + short("__builtins__") + b"\x85R"
    + b"0" + short("os") + short("system") + b"\x93" + CALL + b".")
files["getattr-chain.pkl"] = (b"\x80\x04" + short("builtins") + short("getattr") + b"\x93" + b"q\x00"
    + short("builtins") + short("__import__") + b"\x93" + short("os") + b"\x85R" + short("system") + b"\x86R" + CALL + b".")
files["second-pickle.pkl"] = pickle.dumps([1, 2]) + pickle.dumps(Evil())
files["far-behind.pkl"] = pickle.dumps([b"x" * 3_000_000, Evil()])
files["in-a-pickle.pkl"] = b"\x80\x04cpickle\nloads\nB" + struct.pack("<I", len(pickle.dumps(Evil()))) + pickle.dumps(Evil()) + b"\x85R."
files["before-an-error.pkl"] = b"cos\nsystem\n(S'touch trace'\ntRgarbage"
# Functions and methods of harmless packages, under names that they are not known by.
array = pickle.dumps(np.arange(2.0), 2)[2:-1]
numpy_core = "numpy._core" if int(np.__version__.split(".")[0]) > 1 else "numpy.core"
files["method-of-an-array.pkl"] = b"\x80\x04" + short("numpy") + short("ndarray.tofile") + b"\x93" + array + text("trace") + b"\x86R."
files["dump-of-an-array.pkl"] = b"\x80\x04" + short(numpy_core + "._methods") + short("_dump") + b"\x93" + array + text("trace") + b"\x86R."
files["handle-of-pandas.pkl"] = b"\x80\x04" + short("pandas.core.frame") + short("get_handle") + b"\x93" + text("trace") + text("w") + b"\x86R."
frame = pickle.dumps(pd.DataFrame({"a": [1]}), 3)[2:-1]
files["query-of-a-table.pkl"] = (b"\x80\x04" + short("pandas") + short("DataFrame.query") + b"\x93" + frame
    + text("a == @os.system('touch trace')") + b"\x86R.")
# Functions of harmless packages that look up, import or call what they are told.
def glob(module, name):
    return short(module) + short(name) + b"\x93"
def call(function, *args):
    return function + b"(" + b"".join(arg if isinstance(arg, bytes) else text(arg) for arg in args) + b"tR"
library = glob("sklearn.utils._set_output", "check_library_installed")
lookups = {
    "attribute.pkl": call(glob(numpy_core + ".fromnumeric", "_wrapfunc"), glob(numpy_core + ".numeric", "builtins"), "exec",
        "import os; os.system('touch trace')"),
    "lookup.pkl": call(glob("pandas.core.common", "apply_if_callable"),
        call(glob("scipy._lib._uarray._backend", "unpickle_function"), "os", "system", b"N"), "touch trace"),
    "load.pkl": call(glob("numpy.matlib", "load"), "objects.npy", b"N", b"\x88"),
    "import.pkl": call(glob("pandas.core.frame", "import_optional_dependency"), "traced"),
    "library.pkl": call(library, "traced"),
    "handed-on.pkl": call(glob("numpy.random._pickle", "__randomstate_ctor"), "traced", library),
}
open("traced.py", "w").write("import os; os.system('touch trace')")
files.update({name: b"\x80\x04" + data + b"." for name, data in lookups.items()})
for name, data in files.items():
    open(name, "wb").write(data)
model = LinearRegression().fit(np.arange(10.0).reshape(5, 2), np.arange(5.0))
joblib.dump([model, np.arange(1000.0), Evil()], "plain.joblib")
joblib.dump([model, np.array([Evil()], dtype=object)], "objects.joblib")
for kind in ("zlib", "gzip"):
    joblib.dump([np.arange(1000.0), Evil()], "%s.joblib" % kind, compress=(kind, 3))
np.save("objects.npy", np.array([Evil()], dtype=object))
np.savez("objects.npz", a=np.arange(3), b=np.array([Evil()], dtype=object))
with zipfile.ZipFile("model.pt", "w") as archive:
    archive.writestr("model/data.pkl", pickle.dumps(Evil(), 2))
    archive.writestr("model/data/0", b"\x00" * 64)
with zipfile.ZipFile("hidden.pt", "w") as archive:
    archive.writestr("model/data.pkl", pickle.dumps({}, 2))
    archive.writestr("model/extra/settings", pickle.dumps(Evil(), 2))

# Names that tell nothing of what NumPy, pandas and joblib find in them.
with zipfile.ZipFile("nameless.npz", "w") as archive:
    archive.write("objects.npy", "weights")
with zipfile.ZipFile("text.zip", "w") as archive:
    archive.writestr("table", pickle.dumps(Evil(), 0))
packed = pickle.dumps(Evil())
open("old-joblib.bin", "wb").write(b"ZF" + hex(len(packed)).encode().ljust(19) + zlib.compress(packed))

# Bytes that joblib takes for an array, and pickle for instructions.
wrapper = joblib.numpy_pickle.NumpyArrayWrapper(np.ndarray, (200,), "C", np.dtype("u1"), allow_mmap=False)
wrapper.__dict__.pop("numpy_array_alignment_bytes", None)
head = pickle.dumps(wrapper, 4)[:-1]
hidden = b"0cos\nsystem\n" + CALL + b"."
open("in-array-bytes.pkl", "wb").write(head + hidden.ljust(200, b".") + b".")

# What joblib takes for instructions, and a reader that loses count takes for the bytes of a value.
def dtype(code):
    return glob("numpy", "dtype") + short(code) + b"\x89\x88\x87R"
def state(code="u1", value=None, first=b"", last=b""):
    fields = {"subclass": glob("numpy", "ndarray"), "shape": b"K\x05\x85", "order": short("C"), "dtype": value or dtype(code),
        "allow_mmap": b"\x89"}
    return b"}(" + b"".join(short(key) + value for key, value in fields.items()) + first + last + b"ub"
RUN = b"0" + glob("os", "system") + CALL
def hides(size, harmless=b""):
    rest = size - len(harmless) - 5
    return harmless + b"B" + struct.pack("<I", rest + len(RUN)) + b"x" * rest + RUN + b"."
wrapper_class = glob("joblib.numpy_pickle", "NumpyArrayWrapper")
new = wrapper_class + b")\x81"
# joblib skips a byte, as many as it says (78), and the array.
PADDED, HARMLESS = 1 + 78 + 5, b"NN0N0"
alignment = short("numpy_array_alignment_bytes")
junk = b"".join(short("key%d" % index) + b"N" for index in range(40))
unseen = {
    "made-unseen": glob("sklearn.neighbors._kd_tree", "newObj") + wrapper_class + b"\x85R" + state() + hides(5),
    "made-as-index": glob("pandas.core.indexes.base", "_new_Index") + wrapper_class + b"}\x86R" + state() + hides(5),
    "other-name": glob("sklearn.utils.validation", "joblib.numpy_pickle.NumpyArrayWrapper") + b")\x81" + state() + hides(5),
    "size-of-the-machine": new + state("d") + hides(40, HARMLESS),
    "many-keys": new + state(first=junk, last=alignment + b"K\x10") + hides(PADDED, HARMLESS),
    "computed-key": new + state(last=glob("builtins", "str") + alignment + b"\x85RK\x10") + hides(PADDED, HARMLESS),
    "other-dtype": glob("numpy", "dtype") + short("V1") + b"\x89\x88\x87Rq\x62" + glob("numpy", "dtype") + b"h\x62\x85R(K\x03"
        + short("|") + b"NNNK\x08K\x01K\x00tb0" + b"0" + new + state(value=b"h\x62") + hides(40, HARMLESS),
    "arguments": call(wrapper_class, glob("numpy", "ndarray"), b"K\x05\x85", short("C"), dtype("u1"), b"\x89", b"K\x10") + state() + hides(PADDED, HARMLESS),
    "twice": new + b"q\x63" + state(last=alignment + b"K\x10") + b"N" + b"0" + b"N0" * 41 + b"0h\x63" + state() + hides(PADDED, HARMLESS),
}
for name, data in unseen.items():
    open(name + ".joblib", "wb").write(b"\x80\x04" + data)
def opened(name):
    if name.endswith((".joblib", ".bin")):
        joblib.load(name)
    elif name == "text.zip":
        pd.read_pickle(name)
    elif name.endswith((".npy", ".npz")):
        array = np.load(name, allow_pickle=True)
        array["weights" if name == "nameless.npz" else "b"] if name.endswith(".npz") else array
    elif name.endswith(".pt"):
        for member in zipfile.ZipFile(name).namelist():
            if not member.endswith("/0"):
                pickle.load(zipfile.ZipFile(name).open(member))
    else:
        with open(name, "rb") as file:
            pickle.load(file)
            if name == "second-pickle.pkl":
                pickle.load(file)

warnings.simplefilter("ignore")
for name in sorted(os.listdir(".")):
    sys.modules.pop("traced", None)
    try:
        opened(name)
    except Exception as error:
        if not os.path.exists("trace"):
            print(name, repr(error))
    if os.path.exists("trace"):
        os.remove("trace")
        open("proven.txt", "a").write(name + "\n")
`;

let folder = "";
beforeAll(async () => {
  folder = await folderMadeBy(MAKE);
});

const FILES = [
  ...[0, 1, 2, 3, 4, 5].map((protocol) => `protocol-${protocol}.pkl`),
  ...["inst.pkl", "obj.pkl", "escaped-names.pkl", "unicode-names.pkl", "names-in-memo.pkl", "memo-with-underscore.pkl"],
  ...["dotted-name.pkl", "globals-of-a-class.pkl", "getattr-chain.pkl", "second-pickle.pkl", "far-behind.pkl"],
  ...["in-a-pickle.pkl", "before-an-error.pkl", "in-array-bytes.pkl"],
  ...["method-of-an-array.pkl", "dump-of-an-array.pkl", "handle-of-pandas.pkl", "query-of-a-table.pkl"],
  ...["attribute.pkl", "lookup.pkl", "load.pkl", "import.pkl", "library.pkl", "handed-on.pkl"],
  ...["plain.joblib", "objects.joblib", "zlib.joblib", "gzip.joblib"],
  ...["objects.npy", "objects.npz", "model.pt", "hidden.pt"],
  ...["nameless.npz", "text.zip", "old-joblib.bin"],
  ...[
    "made-unseen",
    "made-as-index",
    "other-name",
    "size-of-the-machine",
    "many-keys",
    "computed-key",
    "other-dtype",
    "arguments",
    "twice",
  ].map((name) => `${name}.joblib`),
];

test.each(FILES)("%s runs a program when it is opened, is found dangerous, and leaves no trace", async (file) => {
  expect(readFileSync(join(folder, "proven.txt"), "utf8").split("\n")).toContain(file);
  // A project that allows nearly everything still refuses it.
  for (const patterns of [null, ["*"]]) {
    const { verdict } = await inspectFile(join(folder, file), patterns);
    expect(verdict).toBe("dangerous");
  }
  expect(existsSync(join(folder, "trace"))).toBe(false);
});

test("a pattern allows classes and functions; methods only by their full names", () => {
  const judge = importJudge(["numpy.*", "pandas.*", "numpy.ndarray.sort"]);
  const verdicts = ["ndarray", "ndarray.sort", "ndarray.resize", "Outer.Inner", "Outer._inner"].map((name) =>
    judge({ module: "numpy", name, isCalled: false }),
  );
  expect(verdicts).toEqual(["allowed", "allowed", "unknown", "allowed", "unknown"]);
});

test("a pattern allows to call classes and what pickles need; other functions only by their full names", () => {
  const judge = importJudge(["numpy.*", "sklearn.*", "numpy.asarray"]);
  const verdicts = ["numpy.log1p", "numpy.asarray", "numpy.dtype", "sklearn.tree._tree.Tree", "sklearn._x.newObj"].map(
    (full) => {
      const [, module = "", name = ""] = /^(.*)\.([^.]+)$/.exec(full) ?? [];
      return [judge({ module, name, isCalled: false }), judge({ module, name, isCalled: true })].join(" ");
    },
  );
  expect(verdicts).toEqual(["allowed unknown", ...Array<string>(4).fill("allowed allowed")]);
});

test("arguments that are computed hide what is handed on, and are told", async () => {
  const path = join(await testFolder(), "model.pkl");
  const list = "](S'x'\ncsklearn.base\nclone\ne";
  const computed = `cnumpy.random._pickle\n__randomstate_ctor\ncbuiltins\ntuple\n${list}\x85RR.`;
  await writeFile(path, computed, "latin1");
  const { pickles, verdict } = await inspectFile(path, ["numpy.*", "sklearn.*"]);
  expect(verdict).toBe("dangerous");
  expect(pickles[0]?.suspicions).toEqual(["what numpy.random._pickle.__randomstate_ctor is called with is computed"]);
});

test("what is called is told with its arguments", async () => {
  const { pickles } = await inspectFile(join(folder, "protocol-4.pkl"), null);
  expect(pickles[0]).toMatchObject({
    imports: [{ module: "posix", name: "system", verdict: "dangerous" }],
    calls: [{ callee: "posix.system", arguments: "('touch trace')", form: "REDUCE", verdict: "dangerous" }],
  });
});

describe("pickles that are made to wear out whoever reads them", () => {
  const u32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const repeat = (text: string, count: number) => Buffer.from(text.repeat(count), "latin1");

  test.each<[string, Buffer, RegExp]>([
    ["cut off", Buffer.from("\x80\x04\x8c\x05mod", "latin1"), /ends before its STOP/],
    [
      "cut off in a giant value",
      Buffer.concat([Buffer.from("\x80\x04B", "latin1"), u32(0xffff_fffe)]),
      /ends within a value/,
    ],
    [
      "a text of 2^60 bytes",
      Buffer.from("\x80\x04\x8d\x00\x00\x00\x00\x00\x00\x00\x10", "latin1"),
      /larger than any file/,
    ],
    ["an empty stack", Buffer.from("\x80\x04R.", "latin1"), /from an empty stack/],
    ["a mark that is not there", Buffer.from("\x80\x04t.", "latin1"), /mark that is not there/],
    ["a memo that is empty", Buffer.from("\x80\x04h\x07.", "latin1"), /memo that is not there/],
    ["an unknown protocol", Buffer.from("\x80\x09.", "latin1"), /protocol 9/],
    ["an unknown instruction", Buffer.from("\x80\x04\xff.", "latin1"), /0xff is no instruction/],
    ["three million values", Buffer.concat([Buffer.from([0x80, 4]), repeat("N", 3_000_000)]), /too many to follow/],
    ["three million marks", Buffer.concat([Buffer.from([0x80, 4]), repeat("(", 3_000_000)]), /too many to follow/],
    ["twenty thousand names", Buffer.from(`\x80\x04${names(20_000)}.`, "latin1"), /more than 10000 different things/],
    [
      "a line without an end",
      Buffer.concat([Buffer.from("\x80\x04c", "latin1"), repeat("x", 5_000_000)]),
      /a line is too long/,
    ],
  ])("%s", { timeout: 20_000 }, async (_, bytes, problem) => {
    const path = join(await testFolder(), "model.pkl");
    await writeFile(path, bytes);
    const { verdict, pickles } = await inspectFile(path, null);
    expect(verdict).toBe("dangerous");
    expect(pickles[0]?.problem).toMatch(problem);
  });

  test("values that double a hundred times are told in a few words", async () => {
    const path = join(await testFolder(), "model.pkl");
    await writeFile(path, Buffer.from(`\x80\x04cos\nsystem\n)${"2\x86".repeat(100)}\x85R.`, "latin1"));
    const { pickles } = await inspectFile(path, null);
    expect(pickles[0]?.calls[0]?.arguments.length).toBeLessThan(500);
  });

  function names(count: number): string {
    return Array.from({ length: count }, (_, index) => `cmodule${index}\nname\n0`).join("");
  }
});
