import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** Collects what must not happen on a page. */
export function watch(page, problems) {
  page.on(
    "console",
    (message) => message.type() === "error" && problems.push(`${page.url()} ${message.text()}`),
  );
  page.on("pageerror", (error) => problems.push(`${page.url()} ${error.stack}`));
}
