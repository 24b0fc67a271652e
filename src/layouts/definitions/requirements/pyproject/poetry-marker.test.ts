import { expect, test } from "vitest";

import { bothMarkers, platformMarker, pythonMarker } from "./poetry-marker.ts";

test.each([
  ["^3.8", 'python_version >= "3.8" and python_version < "4"'],
  [">=3.7.1,<3.11", 'python_full_version >= "3.7.1" and python_version < "3.11"'],
  ["3.8.*", 'python_version == "3.8.*"'],
  ["~2.7 || >=3.6", '(python_version >= "2.7" and python_version < "2.8") or (python_version >= "3.6")'],
  ["*", ""],
  ["* || 2.7", ""],
  ["new", null],
])("python %s is the marker %s", (constraint, marker) => {
  expect(pythonMarker(constraint)).toBe(marker);
});

test.each([
  ["linux", 'sys_platform == "linux"'],
  ["linux || darwin", '(sys_platform == "linux") or (sys_platform == "darwin")'],
  ["!=win32", 'sys_platform != "win32"'],
  ["", null],
  ['linux" or "a', null],
])("platform %s is the marker %s", (constraint, marker) => {
  expect(platformMarker(constraint)).toBe(marker);
});

test("several markers hold together, whatever stands in them", () => {
  expect(bothMarkers([])).toBe("");
  expect(bothMarkers(["", "a == 'b'", ""])).toBe("a == 'b'");
  expect(bothMarkers(["a or b", "c"])).toBe("(a or b) and (c)");
});
