import { html, shortNumber, type Html } from "../html.ts";

export const WIDTH = 420;
export const HEIGHT = 320;
const MARGIN = { left: 58, right: 14, top: 12, bottom: 46 };

/** From what to what an axis goes. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Axes, grid and labels. */
  readonly axes: Html;
}

/** Axes with labels, and where values lie between them. */
export function frame(x: Range & { readonly label: string }, y: Range & { readonly label: string }): Frame {
  const [left, right, top, bottom] = [MARGIN.left, WIDTH - MARGIN.right, MARGIN.top, HEIGHT - MARGIN.bottom];
  const toX = scale(x, left, right);
  const toY = scale(y, bottom, top);
  const axes = html`${ticks(y).map(
      (value) =>
        html`<line class="grid" x1="${left}" x2="${right}" y1="${round(toY(value))}" y2="${round(toY(value))}" /><text
            x="${left - 6}"
            y="${round(toY(value) + 4)}"
            text-anchor="end"
            >${shortNumber(value)}</text
          >`,
    )}${ticks(x).map(
      (value) =>
        html`<text x="${round(toX(value))}" y="${bottom + 17}" text-anchor="middle">${shortNumber(value)}</text>`,
    )}<path class="axis" d="M${left} ${top}V${bottom}H${right}" /><text
      x="${(left + right) / 2}"
      y="${HEIGHT - 8}"
      text-anchor="middle"
      >${x.label}</text
    ><text transform="translate(13 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${y.label}</text>`;
  return { x: (value) => round(toX(value)), y: (value) => round(toY(value)), axes };
}

function scale({ low, high }: Range, from: number, to: number): (value: number) => number {
  // A single value stands in the middle.
  if (!(high > low)) return () => (from + to) / 2;
  return (value) => from + ((value / 2 - low / 2) / (high / 2 - low / 2)) * (to - from);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Four to six round numbers within the range. */
export function ticks({ low, high }: Range): readonly number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => (first + index) * step);
}
