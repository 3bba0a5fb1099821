// @vitest-environment happy-dom
// The table of a chart: out and away by its button, of the same part of the time as the chart, and copied.
import { MantineProvider } from "@mantine/core";
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ChartView } from "../../ipc/bindings";
import { ZoneProvider } from "../clock";
import { Chart } from "./Chart";

const NOW = Date.UTC(2026, 10, 18, 14, 5, 0);
const STEP_MS = 2_000;
const POINTS = 400;

const view: ChartView = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>',
  x: { min: NOW - POINTS * STEP_MS, max: NOW, ticks: [] },
  y: { min: 0, max: 100, ticks: [], unit: "records/s" },
  series: ["produced", "consumed"].map((name, line) => ({
    name,
    points: Array.from({ length: POINTS }, (_, at): [number, number | null] => [
      NOW - (POINTS - 1 - at) * STEP_MS,
      at === POINTS - 3 ? null : at + line / 4,
    ]),
  })),
  collectingSince: 0,
  gaps: [],
};

const nothing = () => undefined;
let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = nothing;
      disconnect = nothing;
      unobserve = nothing;
    },
  );
  page = document.body.appendChild(document.createElement("div"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Remembered() {
  const [shown, onShown] = useState(false);
  return <Chart title="Records" view={view} table={{ shown, onShown }} />;
}

async function draw() {
  await act(async () =>
    root.render(
      <MantineProvider>
        <ZoneProvider value="utc">
          <Remembered />
        </ZoneProvider>
      </MantineProvider>,
    ),
  );
}

const button = (name: string) => page.querySelector<HTMLElement>(`button[aria-label="${name}"]`);
const click = (name: string) => act(async () => button(name)?.click());
const grid = () => page.querySelector('[role="grid"]');
const rows = () => [...page.querySelectorAll('[role="rowgroup"] [role="row"]')].map((row) => row.textContent);
const key = (type: string, init: KeyboardEventInit) =>
  act(async () => {
    const plot = page.querySelector('[role="application"]');
    plot?.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
  });

it("is out while its button is pressed, the newest sample first, with its units", async () => {
  await draw();
  expect(grid()).toBeNull();
  expect(button("Table of Records")?.getAttribute("aria-pressed")).toBe("false");
  await click("Table of Records");
  expect(button("Table of Records")?.getAttribute("aria-pressed")).toBe("true");
  expect(page.querySelector(".gh")?.textContent).toBe("Timeproducedrecords/sconsumedrecords/s");
  expect(rows().slice(0, 4)).toEqual([
    "14:05:00399.0399.3",
    "14:04:58398.0398.3",
    "gap of 4 snot measurednot measured",
    "14:04:54396.0396.3",
  ]);
  // Of many rows those in sight are made.
  expect(grid()?.getAttribute("aria-rowcount")).toBe(String(POINTS + 1));
  expect(rows().length).toBeLessThan(80);
  await click("Table of Records");
  expect(grid()).toBeNull();
});

it("shows the part of the time that was chosen in the chart, and copies just that", async () => {
  const copied: string[] = [];
  const write = async (text: string) => void copied.push(text);
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(write);
  await draw();
  await click("Table of Records");
  await key("keydown", { key: "ArrowLeft" });
  await key("keydown", { key: "ArrowLeft", shiftKey: true });
  await key("keyup", { key: "Shift" });
  expect(page.textContent).toContain("Whole range");
  expect(page.querySelector(".chart-table .over")?.textContent).toContain("5 samples");
  await click("Copy table of Records");
  const lines = copied[0]?.split("\n") ?? [];
  expect(lines[0]).toBe("time\tproduced, records/s\tconsumed, records/s");
  expect(lines).toHaveLength(7);
  expect(lines[1]).toBe("2026-11-18T14:04:58.000Z\t398\t398.25");
  await key("keydown", { key: "Escape" });
  expect(grid()?.getAttribute("aria-rowcount")).toBe(String(POINTS + 1));
});
