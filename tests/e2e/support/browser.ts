// The app in a browser: `headwater serve` and a page.
import { type Page, expect } from "@playwright/test";
import { VISIBLE_TEXT, notBlank } from "./picture.ts";
import { Child, binary } from "./process.ts";
import { OperationRefused, type Ui } from "./ui.ts";

export class Served {
  private constructor(
    readonly child: Child,
    readonly address: string,
  ) {}

  static async start(dataDir: string): Promise<Served> {
    const child = new Child(binary("headwater"), ["serve", "--data-dir", dataDir]);
    const [, address] = await child.line(/Headwater is at (\S+)/);
    return new Served(child, address);
  }
}

export class BrowserUi implements Ui {
  readonly problems: string[] = [];
  /** What the program printed, token included. */
  printed = "";

  constructor(readonly page: Page) {
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(message.text());
    });
    page.on("pageerror", (error) => this.problems.push(String(error.stack)));
    page.on("dialog", (dialog) => {
      this.problems.push(`the page asked: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
  }

  async open(address: string): Promise<void> {
    this.printed = address;
    await this.page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`),
      );
    });
    await this.page.goto(address);
    // The token becomes a cookie and leaves the address before anything is drawn.
    await this.page.waitForFunction(() => !location.search.includes("token") && document.querySelector("#root > *"));
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.page.url()).href);
  }

  async path(): Promise<string> {
    return new URL(this.page.url()).pathname;
  }

  private find(role: string, name: string | RegExp, within?: string) {
    const part = within ? this.page.getByLabel(within, { exact: true }) : this.page;
    return part.getByRole(role as "button", { name, exact: typeof name === "string" }).first();
  }

  async click(role: string, name: string | RegExp, within?: string): Promise<void> {
    await this.find(role, name, within).click();
  }

  async fill(name: string, text: string): Promise<void> {
    await this.find("textbox", name).fill(text);
  }

  value(name: string): Promise<string> {
    return this.find("textbox", name).inputValue();
  }

  async choose(name: string, option: string): Promise<void> {
    await this.find("combobox", name).selectOption({ label: option });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  private async text(): Promise<string> {
    const words = () => {
      const styles = Array.from(document.body.querySelectorAll("style"));
      return styles.reduce((text, style) => text.replace(style.textContent ?? "", ""), document.body.textContent ?? "");
    };
    // While a page is loading there is nothing to ask.
    const text = await this.page.evaluate(words).catch(() => "");
    return text.replace(/\s+/g, " ");
  }

  async sees(text: string | RegExp, ms = 15_000): Promise<void> {
    await expect.poll(() => this.text(), { timeout: ms, intervals: [50] }).toMatch(exactly(text));
  }

  async lacks(text: string | RegExp, ms = 15_000): Promise<void> {
    await expect.poll(() => this.text(), { timeout: ms, intervals: [50] }).not.toMatch(exactly(text));
  }

  evaluate<T>(body: (...args: never[]) => T | Promise<T>, ...args: unknown[]): Promise<T> {
    const source = `(${body.toString()})(...${JSON.stringify(args)})`;
    return this.page.evaluate(source) as Promise<T>;
  }

  async call<T>(op: string, request: unknown = {}): Promise<T> {
    const answer = await this.evaluate(
      async (op: string, request: unknown) => {
        const response = await fetch("/api/rpc", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ op, request }),
        });
        return response.json();
      },
      op,
      request,
    );
    if (answer.err) throw new OperationRefused(answer.err);
    return answer.ok as T;
  }

  async notBlank(): Promise<void> {
    const text = await this.page.evaluate<string>(`(() => { ${VISIBLE_TEXT} })()`);
    notBlank(await this.page.screenshot(), text, "the page");
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: `test-results/${name}.png` });
  }
}

function exactly(text: string | RegExp): RegExp {
  return text instanceof RegExp ? text : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
