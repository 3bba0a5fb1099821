// @vitest-environment happy-dom
// The form of a new topic: a template fills it before the eyes, and what is changed after is what is asked for.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Host } from "../../host/host";
import { mockHost } from "../../host/mock";
import { LOCAL } from "../../host/mock/clusters";
import { queryClient } from "../../ipc/call";
import { setHost } from "../../ipc/current";
import { drafts } from "../../ipc/persisted";
import { CreateTopicDialog } from "./CreateTopicDialog";

const nothing = () => undefined;
let root: Root;
let page: HTMLElement;
let asked: unknown[];

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  asked = [];
  const mock = mockHost();
  const host: Host = {
    ...mock,
    rpc: (op, request, cancelId) => {
      if (op === "plan.make") asked.push((request as { change: unknown }).change);
      return mock.rpc(op, request, cancelId);
    },
  };
  setHost(host);
  page = document.body.appendChild(document.createElement("div"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  drafts.set({ "create topic": undefined });
  queryClient.clear();
  vi.unstubAllGlobals();
});

async function open(brokers: number) {
  await act(async () =>
    root.render(
      <QueryClientProvider client={queryClient}>
        <MantineProvider>
          <CreateTopicDialog clusterId={LOCAL} brokers={brokers} onClose={nothing} onApplied={nothing} />
        </MantineProvider>
      </QueryClientProvider>,
    ),
  );
}

const control = (name: string) =>
  document.querySelector<HTMLInputElement | HTMLSelectElement>(
    `input[aria-label="${name}"], select[aria-label="${name}"]`,
  );
const values = (...names: string[]) => names.map((name) => control(name)?.value);

async function put(name: string, value: string) {
  const element = control(name);
  const prototype = element instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
  await act(async () => {
    Object.getOwnPropertyDescriptor(prototype.prototype, "value")?.set?.call(element, value);
    element?.dispatchEvent(
      new Event(element instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }),
    );
  });
}

async function review() {
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "Review");
  await act(async () => button?.click());
}

it("is filled by a template, and asks for what was changed in it", async () => {
  await open(3);
  await put("Template", "queue");
  expect(values("Partitions", "Replicas", "In sync", "Cleanup", "Keep for", "segment.ms")).toEqual([
    "12",
    "3",
    "2",
    "delete",
    "86400000",
    "3600000",
  ]);
  expect(document.querySelector('[role="status"]')?.textContent).toContain("Each partition feeds one worker");
  await put("Topic name", "jobs");
  await put("Partitions", "24");
  await put("segment.ms", "");
  await review();
  expect(asked).toEqual([
    {
      kind: "createTopic",
      name: "jobs",
      partitions: 24,
      replicationFactor: 3,
      configs: [
        { name: "cleanup.policy", value: "delete" },
        { name: "retention.ms", value: "86400000" },
        { name: "min.insync.replicas", value: "2" },
      ],
    },
  ]);
});

it("asks for no more replicas than there are brokers, and for no more in sync than replicas", async () => {
  await open(1);
  await put("Template", "events");
  expect(values("Replicas", "In sync")).toEqual(["1", "1"]);
  await put("Topic name", "orders");
  await put("In sync", "2");
  expect(document.body.textContent).toContain("In sync is 1 to 1");
  await review();
  expect(asked).toEqual([]);
});
