// The app in its real window: Xvfb, a window manager, WebKitWebDriver, and a small W3C client.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { Child, binary, freePort, has, until } from "./process.ts";
import { VISIBLE_TEXT, notBlank } from "./picture.ts";
import { OperationRefused, type Ui } from "./ui.ts";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const KEYS: Record<string, string> = {
  Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004", ArrowDown: "\uE015", ArrowUp: "\uE013",
  Home: "\uE011", End: "\uE010", Control: "\uE009", Alt: "\uE00A",
};

/** Finds the first visible element of a role by its accessible name. Runs in the page. */
const FIND = `
const [role, name, isPattern, within] = arguments;
const roles = { button: 'button,[role=button]', textbox: 'input:not([type=checkbox]):not([type=radio]),textarea,[role=textbox]',
  link: 'a[href],[role=link]', tab: '[role=tab]', row: '[role=row]', radio: '[role=radio],input[type=radio]',
  option: '[role=option]', gridcell: '[role=gridcell]', menuitem: '[role=menuitem]', combobox: 'select,[role=combobox]' };
const words = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (element.getAttribute('aria-label')) return words(element.getAttribute('aria-label'));
  if (by) return words(by.split(' ').map((id) => document.getElementById(id)?.textContent).join(' '));
  if (element.labels?.length) return words([...element.labels].map((label) => label.textContent).join(' '));
  return words(element.textContent) || words(element.getAttribute('placeholder')) || words(element.title);
};
const fits = (text) => isPattern ? new RegExp(name).test(text) : text === name;
const part = within ? document.querySelector('[aria-label="' + within + '"]') : document;
for (const element of part?.querySelectorAll(roles[role] ?? '[role=' + role + ']') ?? []) {
  if (element.getClientRects().length && fits(nameOf(element))) return element;
}
return null;`;

const CHOOSE = `
const select = document.querySelector('select[aria-label="' + arguments[0] + '"]');
const option = [...select.options].find((one) => one.label === arguments[1]);
Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(select, option.value);
select.dispatchEvent(new Event('change', { bubbles: true }));`;

/** Keeps what the page says is wrong; the page is never loaded anew. */
const LISTEN = `
window.problems = [];
const said = console.error;
console.error = (...words) => { window.problems.push(words.map(String).join(' ')); said.apply(console, words); };`;

export class WindowUi implements Ui {
  private session = "";
  private readonly children: Child[] = [];
  private driver = "";
  private env: Record<string, string> = {};
  private trayName?: string;

  private constructor(private readonly dataDir: string) {}

  static async open(dataDir: string): Promise<WindowUi> {
    const ui = new WindowUi(dataDir);
    try {
      await ui.begin();
      return ui;
    } catch (error) {
      await ui.close();
      throw error;
    }
  }

  private async begin(): Promise<void> {
    // The server picks a free display and says which.
    const screen = this.start("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
    const [, display] = await screen.line(/^(\d+)$/);
    const env: Record<string, string> = {
      DISPLAY: `:${display}`,
      NO_AT_BRIDGE: "1",
      TAURI_WEBVIEW_AUTOMATION: "true",
      LIBGL_ALWAYS_SOFTWARE: "1",
      XDG_DOWNLOAD_DIR: this.dataDir,
    };
    if (has("which", "dbus-daemon")) {
      const bus = this.start("dbus-daemon", ["--session", "--nofork", "--nopidfile", "--print-address=1"]);
      env.DBUS_SESSION_BUS_ADDRESS = (await bus.line(/^(unix:\S+)$/))[1] as string;
    }
    this.env = env;
    this.start("openbox", [], env);
    const port = await freePort();
    this.start("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], env);
    this.driver = `http://127.0.0.1:${port}`;
    await until("the driver", 10_000, async () => (await fetch(`${this.driver}/status`).catch(() => undefined))?.ok);
    const options = { binary: binary("headwater"), args: ["--data-dir", this.dataDir] };
    const made = await this.ask<{ sessionId: string }>("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    this.session = `/session/${made.sessionId}`;
    await until("the page", 20_000, () => this.script<boolean>("return !!document.querySelector('#root > *')"));
    await this.script(LISTEN);
    await this.notBlank();
  }

  private start(program: string, args: string[], env: Record<string, string> = {}): Child {
    const child = new Child(program, args, env);
    this.children.push(child);
    return child;
  }

  /** Starts the program once more on the same display and data. */
  async launchAgain(): Promise<Child> {
    const again = this.start(binary("headwater"), ["--data-dir", this.dataDir], this.env);
    await until("the second launch to end", 15_000, () => again.ended);
    return again;
  }

  /** The tray's menu as the desktop sees it, over the session's bus. */
  private tray(method: string, ...args: string[]): string {
    const bus = (rest: string[]) =>
      execFileSync("gdbus", ["call", "--session", "--timeout", "2", ...rest], { env: { ...process.env, ...this.env }, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const names = bus(["--dest", "org.freedesktop.DBus", "--object-path", "/", "--method", "org.freedesktop.DBus.ListNames"]);
    const path = "/org/ayatana/NotificationItem/tray_icon_tray_app_headwater/Menu";
    const known = this.trayName ? [this.trayName] : [...names.matchAll(/:1\.\d+/g)].map(([name]) => name);
    for (const name of known) {
      try {
        const answer = bus(["--dest", name, "--object-path", path, "--method", `com.canonical.dbusmenu.${method}`, "--", ...args]);
        this.trayName = name;
        return answer;
      } catch {
        // Somebody else's connection has no such menu.
      }
    }
    return "";
  }

  /** Words of the tray's menu, a ✓ before those that can be chosen. */
  trayEntries(): string[] {
    return this.trayItems().map(({ words, enabled }) => `${enabled ? "✓ " : ""}${words}`);
  }

  private trayItems(): { id: string; words: string; enabled: boolean }[] {
    const layout = this.tray("GetLayout", "0", "-1", "[]");
    return [...layout.matchAll(/\((\d+), \{([^{}]*)\}/g)].flatMap(([, id, facts]) => {
      const words = facts?.match(/'label': <'([^']*)'>/)?.[1];
      return id && words ? [{ id, words, enabled: !facts?.includes("'enabled': <false>") }] : [];
    });
  }

  chooseInTray(words: string): void {
    const item = this.trayItems().find((one) => one.words === words);
    if (!item) throw new Error(`the tray has no ${words}: ${this.trayEntries().join(", ")}`);
    this.tray("Event", item.id, "clicked", "<0>", "0");
  }

  /** Keys as the desktop gives them to whatever has the focus, the menu bar too. */
  pressOnDesktop(...keys: string[]): void {
    execFileSync("xdotool", ["key", "--delay", "100", ...keys], { env: { ...process.env, ...this.env } });
  }

  resize(width: number, height: number): Promise<unknown> {
    return this.ask("POST", `${this.session}/window/rect`, { width, height });
  }

  minimize(): Promise<unknown> {
    return this.ask("POST", `${this.session}/window/minimize`, {});
  }

  consoleErrors(): Promise<string[]> {
    return this.script<string[]>("return window.problems");
  }

  /** What the driver and the app wrote. */
  get lines(): string[] {
    return this.children.flatMap((child) => child.lines);
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.driver + path, { method, body: body ? JSON.stringify(body) : undefined });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`${path}: ${value?.error} ${value?.message}`);
    return value;
  }

  private script<T>(script: string, ...args: unknown[]): Promise<T> {
    return this.ask<T>("POST", `${this.session}/execute/sync`, { script, args });
  }

  async notBlank(): Promise<void> {
    const png = await this.ask<string>("GET", `${this.session}/screenshot`);
    notBlank(Buffer.from(png, "base64"), await this.script<string>(VISIBLE_TEXT), "the window");
  }

  async goto(path: string): Promise<void> {
    await this.script("window.history.pushState({}, '', arguments[0]); window.dispatchEvent(new PopStateEvent('popstate'));", path);
  }

  path(): Promise<string> {
    return this.script<string>("return location.pathname");
  }

  private async find(role: string, name: string | RegExp, within?: string): Promise<string> {
    const [words, pattern] = name instanceof RegExp ? [name.source, true] : [name, false];
    const found = await until(`${role} ${name}`, 15_000, () =>
      this.script<Record<string, string> | undefined>(FIND, role, words, pattern, within ?? ""),
    );
    return found[ELEMENT] as string;
  }

  async click(role: string, name: string | RegExp, within?: string): Promise<void> {
    const element = await this.find(role, name, within);
    await this.ask("POST", `${this.session}/element/${element}/click`, {});
  }

  async fill(name: string, text: string): Promise<void> {
    // Clearing is no typing to React: a render that was under way may bring the old text back.
    await until(`${name} to hold the text`, 10_000, async () => {
      const element = await this.find("textbox", name);
      try {
        await this.ask("POST", `${this.session}/element/${element}/clear`, {});
      } catch (error) {
        // A field that was just offered may not have been enabled yet.
        if (String(error).includes("not interactable")) return false;
        throw error;
      }
      await this.ask("POST", `${this.session}/element/${element}/value`, { text });
      return (await this.value(name)) === text;
    });
  }

  async value(name: string): Promise<string> {
    const element = await this.find("textbox", name);
    return this.ask<string>("GET", `${this.session}/element/${element}/property/value`);
  }

  async choose(name: string, option: string): Promise<void> {
    await this.find("combobox", name);
    // The list of a select is the system's own; no driver can click in it.
    await this.script(CHOOSE, name, option);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      const parts = key.split("+").map((part) => KEYS[part] ?? part);
      const actions = [
        ...parts.map((value) => ({ type: "keyDown", value })),
        ...parts.reverse().map((value) => ({ type: "keyUp", value })),
      ];
      await this.ask("POST", `${this.session}/actions`, { actions: [{ type: "key", id: "keyboard", actions }] });
    }
  }

  private has(text: string | RegExp): Promise<boolean> {
    const pattern = text instanceof RegExp;
    const script = `const text = document.body.textContent.replace(/\\s+/g, ' ');
      return arguments[1] ? new RegExp(arguments[0]).test(text) : text.includes(arguments[0]);`;
    return this.script<boolean>(script, pattern ? text.source : text, pattern);
  }

  async sees(text: string | RegExp, ms = 15_000): Promise<void> {
    await until(`${text} in the window`, ms, () => this.has(text));
  }

  async lacks(text: string | RegExp, ms = 15_000): Promise<void> {
    await until(`${text} to go`, ms, async () => !(await this.has(text)));
  }

  async evaluate<T>(body: (...args: never[]) => T | Promise<T>, ...args: unknown[]): Promise<T> {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${body.toString()})(...JSON.parse(arguments[0]))).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = await this.ask<{ value: T; error?: string }>("POST", `${this.session}/execute/async`, {
      script,
      args: [JSON.stringify(args)],
    });
    if (answer.error) throw new Error(answer.error);
    return answer.value;
  }

  async call<T>(op: string, request: unknown = {}): Promise<T> {
    const answer = await this.evaluate(
      async (op: string, request: unknown) => {
        const internals = (window as unknown as { __TAURI_INTERNALS__: { invoke: Function } }).__TAURI_INTERNALS__;
        return internals.invoke("rpc", { op, request, cancelId: null });
      },
      op,
      request,
    );
    if (answer.err) throw new OperationRefused(answer.err);
    return answer.ok as T;
  }

  async picture(name: string): Promise<void> {
    const png = await this.ask<string>("GET", `${this.session}/screenshot`);
    mkdirSync("test-results", { recursive: true });
    writeFileSync(`test-results/${name}.png`, Buffer.from(png, "base64"));
  }

  /** The window's process: the driver started it with this test's directory. */
  private pid(): number | undefined {
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
        if (words[0] === binary("headwater") && words.includes(this.dataDir)) return Number(name);
      } catch {
        // It has ended in the meantime.
      }
    }
    return undefined;
  }

  /** Kills the app at once, as a crash would, and then what showed it. */
  async kill(): Promise<void> {
    const pid = this.pid();
    if (pid === undefined) throw new Error("the window's process is not there");
    process.kill(pid, "SIGKILL");
    await this.endChildren();
  }

  /** Ends the window in order; the display and the driver go with it. */
  async close(): Promise<void> {
    if (this.children.every((child) => child.ended)) return;
    if (this.session) await this.ask("DELETE", this.session).catch(() => undefined);
    await until("the window to end", 10_000, () => this.pid() === undefined).catch(() => {
      const pid = this.pid();
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    });
    await this.endChildren();
  }

  private async endChildren(): Promise<void> {
    for (const child of [...this.children].reverse()) await child.end("SIGKILL");
  }
}
