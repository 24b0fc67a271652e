import { expect, test } from "vitest";

import { escapeText, html, percent, shortNumber } from "./html.ts";
import { ticks } from "./figures/axes.ts";
import { renderReport } from "./render-report.ts";
import type { ReportContent } from "./report-content.ts";

const EVIL = `<script>alert("1")</script>&'`;

/** Every text that may come from a user or from data says something evil. */
function evilContent(): ReportContent {
  const column = { name: EVIL, types: ["string"], rowCount: 2, missingCount: 0, distinctCount: 1 };
  return {
    title: EVIL,
    subject: EVIL,
    status: { word: EVIL, failure: { code: EVIL, message: EVIL } },
    facts: [[EVIL, EVIL]],
    data: {
      schemaVersion: 1,
      rowCount: 2,
      metrics: [{ name: "f1", value: 0.5, direction: "higher", about: EVIL, interval: { low: 0.1, high: 0.9 } }],
      bootstrap: { method: "percentile", level: 0.95, resamples: 1_000, seed: 42 },
      notes: [EVIL],
      confusion: {
        labels: [EVIL, "b"],
        counts: [
          [1, 0],
          [0, 1],
        ],
      },
      classes: [
        {
          label: EVIL,
          share: 0.5,
          rocAuc: 1,
          roc: [
            [0, 0],
            [1, 1],
          ],
          averagePrecision: 1,
          precisionRecall: [
            [0, 1],
            [1, 1],
          ],
          calibration: [{ rowCount: 2, meanPredicted: 0.5, observedShare: 0.5 }],
        },
      ],
      residuals: {
        histogram: { low: -1, high: 1, counts: [1, 1] },
        points: [
          [1, 1],
          [2, -1],
        ],
      },
      columns: [],
    },
    absence: EVIL,
    modelMetrics: { [EVIL]: EVIL },
    columnsTitle: EVIL,
    columns: [
      { ...column, range: null, histogram: null, categories: [{ value: EVIL, count: 2 }] },
      {
        ...column,
        range: { min: 0, max: 1, mean: 0.5 },
        histogram: { low: 0, high: 1, counts: [1, 1] },
        categories: [],
      },
    ],
    columnsAbsence: EVIL,
    parameters: { [EVIL]: { [EVIL]: [EVIL] } },
    record: {
      git: { commit: EVIL, describe: EVIL, branch: EVIL, isDirty: true },
      code: EVIL,
      leftOut: [EVIL],
      interpreter: EVIL,
      environmentDigest: EVIL,
      packages: [EVIL],
      unmet: [EVIL],
      seeds: { [EVIL]: EVIL },
      threads: {},
      machine: { [EVIL]: EVIL },
      dataDigests: { [EVIL]: EVIL, other: EVIL },
      dataRows: { [EVIL]: { rowCount: 2, digest: EVIL } },
      dataQueries: [{ pointer: EVIL, sql: EVIL, file: EVIL, asOf: EVIL }],
      files: [{ name: EVIL, sizeBytes: 1, sha256: EVIL }],
    },
    madeBy: EVIL,
  };
}

test("no text of a user or of data becomes markup", () => {
  const page = renderReport(evilContent());
  expect(page).not.toContain("<script");
  expect(page).not.toContain(`"1"`);
  expect(page.split("&lt;script&gt;").length).toBeGreaterThan(30);
});

test("a page names nothing that a browser would fetch or run", () => {
  const page = renderReport(evilContent());
  expect(page).toContain(`content="default-src &#39;none&#39;;`);
  expect(page).not.toMatch(/\b(src|href|srcset|action)=|@import|url\(|\son\w+=|https?:/i);
});

test("every figure has a title and a description, and every id is given once", () => {
  const page = renderReport(evilContent());
  const labels = [...page.matchAll(/<svg[^>]*aria-labelledby="(\S+) (\S+)"/g)].flatMap(([, title, text]) => [
    title,
    text,
  ]);
  expect(labels).toHaveLength(2 * page.split("<svg").length - 2);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const label of labels) expect(ids).toContain(label);
});

test("a page without data says why", () => {
  const page = renderReport({
    ...evilContent(),
    data: null,
    absence: "No test data.",
    columns: [],
    columnsAbsence: "None.",
  });
  expect(page).toContain("No test data.");
  expect(page).toContain("None.");
  expect(page).not.toContain("<svg");
});

test("text is escaped between tags and between quotes, and characters that no page may hold become a sign", () => {
  expect(escapeText(`<a b='c' d="e">&`)).toBe("&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
  expect(escapeText("a\u0000b\u001b[31m\ud800c\n")).toBe("a\uFFFDb\uFFFD[31m\uFFFDc\n");
  expect(html`<b>${["<", html`<i>${"&"}</i>`, null, 1]}</b>`.text).toBe("<b>&lt;<i>&amp;</i>1</b>");
});

test("numbers and ticks are short", () => {
  expect([shortNumber(1 / 3), shortNumber(1e-7), shortNumber(12345.678), percent(0.12345)]).toEqual([
    "0.3333",
    "1e-7",
    "12350",
    "12.3\u00a0%",
  ]);
  expect(ticks({ low: 0, high: 1 })).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  expect(ticks({ low: -3, high: 47 })).toEqual([0, 10, 20, 30, 40]);
  expect(ticks({ low: 5, high: 5 })).toEqual([5]);
  expect(ticks({ low: -1e308, high: 1e308 })).toEqual([-1e308]);
});
