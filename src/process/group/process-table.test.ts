import { expect, test } from "vitest";

import { parsePsTable, parseStat } from "./process-table.ts";

const REST = "0 -1 4194304 100 0 0 0 5 3 0 0 20 0 1 0 987654 1000000 250 18446744073709551615";

test("a program may have brackets and spaces in its name", () => {
  expect(parseStat(`42 (a) S) (b) S 7 40 40 ${REST}\n`)).toEqual({
    pid: 42,
    parentPid: 7,
    groupId: 40,
    startTime: "987654",
    residentBytes: null,
  });
});

test("zombies, threads of the kernel and nonsense are no processes", () => {
  expect(parseStat(`2 (kthreadd) S 0 0 0 ${REST.replace("4194304", "2129984")}`)).toBeNull();
  expect(parseStat(`42 (x) Z 7 40 40 ${REST}`)).toBeNull();
  expect(parseStat("")).toBeNull();
});

test("the table of ps is read, with zombies left out", () => {
  const table = [
    "    1     0     1 Ss    9000 Mon Nov  2 09:00:00 2026",
    "  501     1   501 S+     120 Mon Nov  2 09:00:01 2026",
    "  502   501   501 Z+       0 Mon Nov  2 09:00:02 2026",
    "",
  ].join("\n");
  expect(parsePsTable(table)).toEqual([
    { pid: 1, parentPid: 0, groupId: 1, startTime: "Mon Nov 2 09:00:00 2026", residentBytes: 9_216_000 },
    { pid: 501, parentPid: 1, groupId: 501, startTime: "Mon Nov 2 09:00:01 2026", residentBytes: 122_880 },
  ]);
});
