// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PLAN_TOPICS_MAX } from "../../features/several";
import { SelectionBar } from "./SelectionBar";

let root: Root;
let page: HTMLElement;
const asked = vi.fn();
const selected = vi.fn();

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  page = document.body.appendChild(document.createElement("div"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

async function draw(count: number) {
  const topics = Array.from({ length: count }, (_, at) => `topic-${at}`);
  const acts = { onDoing: asked, onChange: asked, onSelect: selected };
  await act(async () =>
    root.render(
      <MantineProvider>
        <SelectionBar topics={topics} unseen={0} refusal={undefined} {...acts} />
      </MantineProvider>,
    ),
  );
}

const buttons = () => [...page.querySelectorAll("button")];
const press = (words: string) =>
  act(async () =>
    buttons()
      .find((one) => one.textContent === words)
      ?.click(),
  );

it("takes as many topics as one plan does", async () => {
  await draw(PLAN_TOPICS_MAX);
  expect(page.textContent).not.toContain("One plan");
  await press("Delete…");
  expect(asked).toHaveBeenCalledOnce();
});

it("says that more are too many for one plan before a plan is asked for, and keeps the first", async () => {
  await draw(PLAN_TOPICS_MAX + 2);
  expect(page.querySelector('[role="status"]')?.textContent).toBe(
    "One plan takes up to 500 topics, and 2 more are selected.",
  );
  for (const words of ["Set retention…", "Change a setting…", "Empty…", "Delete…"]) await press(words);
  expect(asked).not.toHaveBeenCalled();
  await press("Keep the first 500");
  expect(selected.mock.calls[0]?.[0]).toHaveLength(PLAN_TOPICS_MAX);
});
