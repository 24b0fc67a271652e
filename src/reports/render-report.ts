import { Html, html } from "./html.ts";
import type { ReportContent } from "./report-content.ts";
import { classFiguresSection } from "./sections/class-figures.ts";
import { columnsSection } from "./sections/columns-section.ts";
import { metricsSection } from "./sections/metrics-section.ts";
import { factTable, parametersSection, recordSection } from "./sections/record-section.ts";
import { valueFiguresSection } from "./sections/value-figures.ts";
import { STYLE } from "./style.ts";

/** Nothing may be fetched and nothing run, whatever text found its way into the page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Ours, so its quotes stay as they are. */
const OUR_STYLE = new Html(STYLE);

/** One page that stands alone: no script, no font, no request. Pure. */
export function renderReport(content: ReportContent): string {
  const { data } = content;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${content.title}</title>
        <style>
          ${OUR_STYLE}
        </style>
      </head>
      <body>
        <main>
          ${header(content)} ${metricsSection(content)}
          ${data === null ? null : [classFiguresSection(data), valueFiguresSection(data)]} ${columnsSection(content)}
          ${parametersSection(content)} ${recordSection(content)}
          <footer>${content.madeBy}</footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

function header({ title, subject, status, facts }: ReportContent): Html {
  const { word, failure } = status;
  return html`<header>
    <p class="soft">${subject}</p>
    <h1>${title}</h1>
    <p><span class="status ${word}">${word}</span></p>
    ${
      failure === null
        ? null
        : html`<div class="note fault">
            <strong>${failure.code}</strong>
            <pre>${failure.message}</pre>
          </div>`
    }
    ${factTable(facts)}
  </header>`;
}
