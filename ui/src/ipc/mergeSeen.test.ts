import { describe, expect, it } from "vitest";
import * as clusters from "../host/mock/clusters";
import { groups } from "../host/mock/groups";
import { HUNG, HUNG_MISSING, hung } from "../host/mock/hang";
import { NOW } from "../host/mock/scenario";
import { topicDetail } from "../host/mock/topic";
import { oldOf } from "../lib/old";
import type { GroupDetail, GroupRow, Missing, Overview, Seen, TopicDetail, TopicRow } from "./bindings";
import { mergeSeen } from "./mergeSeen";

const seen = <T>(value: T, missing: Missing[] = [], asOf = NOW): Seen<T> => ({ value, asOf, missing });
const topics = () => seen(clusters.topics("full"));
const BROKER_2: Missing[] = [{ scope: "groups of broker 2", reason: "The broker did not answer in time." }];

function afterHang<T>(name: string, before: Seen<T>) {
  const answer = hung(name, before);
  if (!("value" in answer)) throw new Error("an error replaces nothing");
  return mergeSeen(name, before, answer.value as Seen<T>);
}

describe("an answer of a cluster that hangs", () => {
  it("keeps records, rate and last record of each topic, with since when", () => {
    const merged = afterHang<TopicRow[]>("topics", topics());
    for (const [at, row] of topics().value.entries()) {
      for (const name of ["records", "ratePerSec", "logBytes", "cleanup", "lastRecordAt"] as const) {
        expect(merged.value[at]?.[name]).toMatchObject(row[name]);
        expect(oldOf(merged.value[at]?.[name])?.asOf).toBe(NOW);
      }
    }
    expect(merged).toMatchObject({ lacksSince: NOW, old: { asOf: NOW } });
  });

  it("says why there is no newer value", () => {
    const [row] = afterHang<TopicRow[]>("topics", topics()).value;
    expect(oldOf(row?.records)?.why).toBe(`${HUNG.what}. ${HUNG.why}`);
    expect(oldOf(row?.ratePerSec)?.why).toBe("The cluster is away.");
  });

  it("keeps the groups, which are as old as the answer that told of them", () => {
    const before = seen(groups("full"));
    const merged = afterHang<GroupRow[]>("groups", before);
    expect(merged.value.map((row) => [row.group, oldOf(row)?.asOf, oldOf(row.lag)?.asOf])).toEqual(
      before.value.map((row) => [row.group, NOW, NOW]),
    );
    expect(merged.value.map((row) => row.lagging)).toEqual(before.value.map((row) => row.lagging));
  });

  it("keeps the count of groups and of those that lag, and which topics are first", () => {
    const before = clusters.overview("full");
    const { value } = afterHang<Overview>("overview", before);
    expect(value.groups).toMatchObject({ value: 2, old: { asOf: NOW } });
    expect(value.groupsLagging).toMatchObject({ value: 1, old: { asOf: NOW } });
    expect(value.topTopics.map((row) => row.name)).toEqual(before.value.topTopics.map((row) => row.name));
    expect(value.topTopics[0]?.records).toMatchObject({ state: "value", old: { asOf: NOW } });
    expect(value.brokers[0]).toMatchObject({ state: "unreachable", logBytes: { state: "value" } });
  });

  it("keeps a topic's settings and groups", () => {
    const before = topicDetail("full", "orders");
    const { value } = afterHang<TopicDetail>("topic.get", before);
    expect(value.configs).toMatchObject(before.value.configs);
    expect(oldOf(value.configs)?.asOf).toBe(NOW);
    expect(value.groups).toMatchObject({ value: ["fulfilment", "analytics"], old: { asOf: NOW } });
  });

  it("keeps a group's offsets and members", () => {
    const before = clusters.groupDetail("fulfilment");
    const lag = { state: "failed", error: HUNG } as const;
    const next = { ...before.value, lag, offsets: [], members: lag, protocol: "" };
    const { value } = mergeSeen<GroupDetail>("group", before, seen(next));
    expect(value.offsets).toMatchObject(before.value.offsets);
    expect(value.members).toMatchObject(before.value.members);
    expect(oldOf(value.members)?.asOf).toBe(NOW);
    expect(value).toMatchObject({ protocol: "range", lag: { value: 120, old: { asOf: NOW } } });
  });

  it("keeps the time of the last good answer however often it fails", () => {
    let merged = afterHang<TopicRow[]>("topics", topics());
    const later = hung("topics", seen(clusters.topics("full"), [], NOW + 5000)) as {
      value: Seen<TopicRow[]>;
    };
    merged = mergeSeen("topics", merged, later.value);
    expect(oldOf(merged.value[0]?.records)?.asOf).toBe(NOW);
    expect(merged.lacksSince).toBe(NOW);
  });

  it("is forgotten with the first answer that is whole again", () => {
    const next = seen(clusters.topics("full"), [], NOW + 9000);
    expect(mergeSeen("topics", afterHang<TopicRow[]>("topics", topics()), next)).toBe(next);
  });

  it("has nothing to keep where nothing was known", () => {
    const first = seen<GroupRow[]>([], HUNG_MISSING);
    expect(mergeSeen("groups", undefined, first)).toMatchObject({ value: [], lacksSince: NOW });
  });
});

describe("an answer that lacks a part", () => {
  it("keeps what failed and believes the rest", () => {
    const next = clusters.topics("full").map((row, at) => ({
      ...row,
      partitions: 12,
      ...(at === 0 ? { records: { state: "failed", error: HUNG } as const } : {}),
    }));
    const { value, old } = mergeSeen("topics", topics(), seen(next, [], NOW + 1000));
    expect(value[0]).toMatchObject({ partitions: 12, records: { value: 10_010, old: { asOf: NOW } } });
    expect(oldOf(value[1]?.records)).toBeUndefined();
    expect(old).toBeUndefined();
  });

  it("keeps the groups of the broker that is silent, and no other", () => {
    const left = groups("full").slice(2);
    const merged = mergeSeen("groups", seen(groups("full")), seen(left, BROKER_2, NOW + 1000));
    expect(merged.value.map((row) => [row.group, oldOf(row)?.asOf])).toEqual([
      ["nightly-export", undefined],
      ["analytics", NOW],
    ]);
  });

  it("marks the groups that the program kept of a silent broker", () => {
    const merged = mergeSeen("groups", seen(groups("full")), seen(groups("full"), BROKER_2, NOW + 1000));
    expect(merged.value.map((row) => oldOf(row)?.asOf)).toEqual([NOW, undefined, undefined]);
  });

  it("counts groups as it can where a broker never told its own", () => {
    const before = { ...clusters.overview("full"), missing: BROKER_2 };
    const fewer = { ...before.value, groups: clusters.value(1) };
    expect(mergeSeen("overview", before, seen(fewer, BROKER_2)).value.groups).toEqual(clusters.value(1));
  });

  it("does not bring back a topic that was deleted, nor a value that there is none of", () => {
    const [first, ...rest] = clusters.topics("full");
    const none = { state: "unavailable", reason: "The topic has no records." } as const;
    const next = rest.map((row) => ({ ...row, lastRecordAt: none }));
    const { value } = mergeSeen("topics", topics(), seen(next, BROKER_2));
    expect(value.map((row) => row.name)).not.toContain(first?.name);
    expect(value[0]?.lastRecordAt).toEqual(none);
  });
});
