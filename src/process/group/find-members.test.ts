import { expect, test } from "vitest";

import { findMembers, type GroupIdentity } from "./find-members.ts";
import type { ProcessEntry } from "./process-table.ts";

function entry(pid: number, parentPid: number, groupId: number, startTime = "1"): ProcessEntry {
  return { pid, parentPid, groupId, startTime, residentBytes: null };
}

function group(fields: Partial<GroupIdentity> = {}): GroupIdentity {
  const memory = { known: new Map(), unmarked: new Map(), undecided: new Map() };
  return { id: 100, isLeaderAlive: () => true, startTime: "1", mark: "M=1", ...memory, ...fields };
}

function pidsOf(processes: readonly ProcessEntry[], identity: GroupIdentity, marked: readonly number[] = []): number[] {
  const members = findMembers(processes, identity, (candidate) => marked.includes(candidate.pid));
  return members.map((member) => member.pid).sort((a, b) => a - b);
}

test("the group and all that descends from it are members, others are not", () => {
  const processes = [
    entry(100, 2, 100),
    entry(101, 100, 100),
    entry(102, 101, 102),
    entry(103, 102, 103),
    entry(9, 2, 9),
  ];
  expect(pidsOf(processes, group())).toEqual([100, 101, 102, 103]);
});

test("who left the group and lost its parent is found by its mark or because it was seen before", () => {
  const processes = [entry(102, 1, 102, "5"), entry(103, 1, 103), entry(104, 1, 104), entry(105, 104, 105)];
  expect(pidsOf(processes, group({ known: new Map([[102, "5"]]) }), [104])).toEqual([102, 104, 105]);
});

test("a process that got the number of one that was seen is somebody else", () => {
  expect(pidsOf([entry(102, 1, 102, "6")], group({ known: new Map([[102, "5"]]) }))).toEqual([]);
});

test("a group whose number went to another leader is somebody else's", () => {
  const processes = [entry(100, 2, 100, "9"), entry(101, 100, 100, "9")];
  expect(pidsOf(processes, group({ isLeaderAlive: () => false }))).toEqual([]);
});

test("a group that outlives its leader is still found", () => {
  expect(pidsOf([entry(101, 1, 100)], group({ isLeaderAlive: () => false }))).toEqual([101]);
});

test("neither the tool itself nor the first process is ever a member", () => {
  expect(pidsOf([entry(1, 0, 100), entry(process.pid, 1, 100)], group(), [1, process.pid])).toEqual([]);
});
