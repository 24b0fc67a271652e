import { chromium, type Browser, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** Nothing that the browser does of its own accord goes to the network. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page as a reader has it open, and everything that went wrong or was asked for while it was. */
export interface OpenPage {
  readonly page: Page;
  /** Messages and errors of the console. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for, that of the page included. */
  readonly requests: readonly string[];
}

export interface View {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

/** Opens a file without a network in the browser that scripts/setup-tests.mjs installs. */
export async function openFile(path: string, view: View): Promise<OpenPage> {
  const browser: Browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: view.width, height: 900 },
    colorScheme: view.colorScheme,
    offline: true,
  });
  const page = await context.newPage();
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`file://${path}`);
  return { page, complaints, requests };
}
