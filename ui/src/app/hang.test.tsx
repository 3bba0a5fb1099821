// @vitest-environment happy-dom
// A cluster whose brokers hang: each screen keeps what it showed, says since when, and shows none of it as new.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ZoneProvider } from "../components/clock";
import { mockHost } from "../host/mock";
import { LOCAL } from "../host/mock/clusters";
import { HANG_EVENT } from "../host/mock/hang";
import { presence } from "../host/presence";
import { queryClient } from "../ipc/call";
import { setHost } from "../ipc/current";
import { forgetKnown } from "../ipc/lastKnown";
import { GroupsView } from "../views/groups/GroupsView";
import { GroupView } from "../views/groups/GroupView";
import { OverviewView } from "../views/overview/OverviewView";
import { TopicView } from "../views/topic/TopicView";
import { TopicsView } from "../views/topics/TopicsView";

/** When the fixtures were seen. */
const SINCE = "14:05:02";
const ANSWERED_MS = 100;
const PAGE_LEFT_MS = 15_000;
const TOPIC_ASKED_MS = 6000;

const nothing = () => undefined;
const cluster = { clusterId: LOCAL, search: {}, onSearch: nothing };
const topic = { ...cluster, topic: "orders" };

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = nothing;
      disconnect = nothing;
      unobserve = nothing;
    },
  );
  setHost(mockHost());
  page = document.body.appendChild(document.createElement("div"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  await wait(PAGE_LEFT_MS);
  page.remove();
  queryClient.clear();
  forgetKnown();
  presence.set(undefined);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function wait(ms: number) {
  await act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
}

async function show(view: ReactNode) {
  await act(async () =>
    root.render(
      <QueryClientProvider client={queryClient}>
        <MantineProvider>
          <ZoneProvider value="utc">{view}</ZoneProvider>
        </MantineProvider>
      </QueryClientProvider>,
    ),
  );
  await wait(ANSWERED_MS);
}

async function hang() {
  await act(async () => void dispatchEvent(new Event(HANG_EVENT)));
  await wait(TOPIC_ASKED_MS);
}

const text = () => page.textContent ?? "";
const row = (of: string) =>
  [...page.querySelectorAll("[role=row]")].find((one) => one.textContent?.includes(of));
const cell = (of: string, at: number) => row(of)?.querySelectorAll("[role=gridcell]")[at];
const isDim = () => page.querySelector(".page.old") !== null;
const figure = (label: string) =>
  [...page.querySelectorAll(".strip > *")].find((one) => one.querySelector(".k")?.textContent === label);

describe("a cluster that hangs", () => {
  it("keeps the figures of the overview", async () => {
    await show(<OverviewView {...cluster} />);
    expect(isDim()).toBe(false);
    const before = figure("Groups lagging")?.textContent;
    await hang();
    expect(before).toBe("Groups lagging1/2");
    expect(figure("Groups lagging")?.textContent).toBe(before);
    expect(figure("Groups lagging")?.querySelector(".old")?.getAttribute("title")).toContain(
      `as of ${SINCE}`,
    );
    expect(figure("Produced")?.textContent).toBe("Produced20.4/s");
    expect(cell("page-views", 2)?.textContent).toBe("10.0 k");
    expect(text()).not.toContain("failed");
    expect(text()).toContain(`No answer since ${SINCE}`);
    expect(isDim()).toBe(true);
  });

  it("draws its charts and their tables dim, and says as of when they are", async () => {
    const charts = () => [...page.querySelectorAll("figure.chart")];
    await show(<OverviewView {...cluster} search={{ table: "produceRate,lag" }} />);
    expect(charts().map((chart) => chart.className.includes("old"))).toEqual([false, false]);
    await hang();
    expect(charts()).toHaveLength(2);
    for (const chart of charts()) {
      expect(chart.className).toContain("old");
      expect(chart.querySelector(".title")?.textContent).toContain(`As of ${SINCE}`);
      expect(chart.querySelector(".as-of")?.getAttribute("title")).not.toBe("");
      const sample = chart.querySelector('[role="rowgroup"] [role="row"]');
      expect(sample?.className).toContain("dim");
      expect(sample?.textContent).toContain(SINCE);
    }
  });

  it("keeps what the list of topics said", async () => {
    await show(<TopicsView {...cluster} />);
    const before = row("orders")?.textContent;
    await hang();
    expect(row("orders")?.textContent).toBe(before);
    expect(row("orders")?.querySelectorAll("[role=gridcell] .old").length).toBeGreaterThan(3);
    expect(text()).toContain("20.4/s in");
    expect(text()).toContain(`No answer since ${SINCE}`);
    expect(isDim()).toBe(true);
  });

  it("keeps the rows of the list of groups", async () => {
    await show(<GroupsView {...cluster} />);
    await hang();
    for (const group of ["analytics", "fulfilment", "nightly-export"])
      expect(row(group)?.className).toContain("dim");
    expect(text()).toContain("3 groups");
    expect(text()).toContain(`No answer since ${SINCE}`);
  });

  it("keeps a group, also when the answer is that there is none", async () => {
    await show(<GroupView {...cluster} group="fulfilment" />);
    await hang();
    expect(cell("orders", 2)?.textContent).toBe("4,807,077");
    expect(text()).toContain(`As of ${SINCE}`);
    expect(page.querySelector("[role=alert]")?.textContent).toContain("The group cannot be shown");
    expect(isDim()).toBe(true);
  });

  it("shows a group again to whoever comes back after a while", async () => {
    await show(<GroupView {...cluster} group="fulfilment" />);
    await show(<GroupsView {...cluster} />);
    await hang();
    await wait(PAGE_LEFT_MS);
    await show(<GroupView {...cluster} group="fulfilment" />);
    expect(cell("orders", 2)?.textContent).toBe("4,807,077");
    expect(isDim()).toBe(true);
  });

  it("keeps a topic's settings and what its head says", async () => {
    await show(<TopicView {...topic} part="config" />);
    const facts = page.querySelector(".facts")?.textContent;
    expect(facts).toMatch(/delete after 7 d.*18.2 M.* records.*2.4 MB/);
    await hang();
    expect(page.querySelector(".facts")?.textContent).toBe(facts);
    expect(row("min.insync.replicas")?.className).toContain("dim");
    expect(text()).toContain(`No answer since ${SINCE}`);
    expect(isDim()).toBe(true);
  });

  it("keeps the groups of a topic", async () => {
    await show(<TopicView {...topic} part="groups" />);
    await hang();
    expect(row("analytics")?.className).toContain("dim");
  });

  it("doubles no full stop and says what is missing in sentences", async () => {
    await show(<GroupsView {...cluster} />);
    await hang();
    expect(text()).not.toMatch(/\.\.|\., |: The cluster/);
  });
});

describe("a program that has ended", () => {
  it("leaves no live mark lit", async () => {
    await show(<TopicView {...topic} part="messages" />);
    const verdict = () => page.querySelector("[aria-label=Verdict]")?.textContent;
    expect(verdict()).toMatch(/^Live/);
    await act(async () => presence.set(Date.UTC(2026, 10, 18, 14, 6, 7)));
    expect(verdict()).toMatch(/^EndedHeadwater does not answer since 14:06:07/);
    expect(page.querySelector("[role=switch][aria-label=Live]")?.getAttribute("aria-checked")).toBe("false");
    expect([...page.querySelectorAll("button")].map((one) => one.textContent)).not.toContain("Pause");
  });
});
