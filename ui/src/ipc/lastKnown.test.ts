import { afterEach, describe, expect, it } from "vitest";
import { clusters, UNREACHABLE } from "../host/mock/clusters";
import { groups } from "../host/mock/groups";
import { HUNG_MISSING } from "../host/mock/hang";
import { NOW } from "../host/mock/scenario";
import { forgetKnown, keep, lastKnown, NOT_YET, oldAnswer, olderFor } from "./lastKnown";

const answer = { value: groups("full"), asOf: NOW, missing: [] };
const asked = { clusterId: "local" };
const [away] = clusters("failing");

afterEach(forgetKnown);

describe("what was known last", () => {
  it("is what a partial answer was made of, by what was asked", () => {
    keep("groups", asked, answer);
    const kept = keep("groups", asked, { value: [], asOf: NOW, missing: HUNG_MISSING });
    expect(kept).toMatchObject({ value: answer.value, lacksSince: NOW });
    expect(lastKnown("groups", asked)).toBe(kept);
    expect(lastKnown("groups", { clusterId: "dev" })).toBeUndefined();
  });

  it("is forgotten where other data is there", () => {
    keep("groups", asked, answer);
    forgetKnown();
    expect(lastKnown("groups", asked)).toBeUndefined();
  });

  it("is kept of the newest answers only", () => {
    for (let at = 0; at < 100; at++) keep("group", { at }, answer);
    expect([lastKnown("group", { at: 0 }), lastKnown("group", { at: 99 })]).toEqual([undefined, answer]);
  });

  it("of what is not about a cluster is nothing", () => {
    expect(keep("jobs", {}, [1])).toEqual([1]);
    expect(lastKnown("jobs", {})).toBeUndefined();
  });
});

describe("an answer is old", () => {
  it("when asking again failed", () => {
    const why = `${UNREACHABLE.what}. ${UNREACHABLE.why}`;
    expect(oldAnswer(answer, UNREACHABLE)).toEqual({ asOf: NOW, why });
    expect(oldAnswer(answer, undefined)).toBeUndefined();
  });

  it("when its cluster is away and no newer one comes at all", () => {
    const problem = "kafka-1:9092 did not answer in time.";
    const cluster = away && { ...away, problem };
    for (const old of [undefined, { asOf: NOW, why: NOT_YET }])
      expect(olderFor(cluster, answer, old)).toEqual({ asOf: NOW, why: problem });
    expect(olderFor(undefined, answer, undefined)).toBeUndefined();
  });
});
