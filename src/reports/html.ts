/** Markup that has been put together by `html`: everything that came from outside is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | readonly Content[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as markup shows it, also between quotes. Control characters, which no document may hold, become a sign. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/(?![\n\t])\p{Cc}|\p{Surrogate}/gu, "\uFFFD");
}

/** A template in which values are escaped; `Html` in it stays markup, lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((part, index) => part + markupOf(values[index] ?? null)).join(""));
}

function markupOf(value: Content): string {
  if (value === null) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(markupOf).join("");
  return escapeText(String(value));
}

/** A number as people read it. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}

/** `12.5 %`, which stays on one line. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}\u00a0%`;
}
