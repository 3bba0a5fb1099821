// The script of the client suite, by kafkajs: create, produce with every codec, consume by assignment and by group
// with a rebalance, read on. kafkajs speaks old, non-flexible versions of most APIs, which no other client here does.
import assert from 'node:assert/strict';
import kafkajs from 'kafkajs';
import { CODECS } from './codecs.mjs';

const { AssignerProtocol, Kafka, logLevel } = kafkajs;

const phase = process.argv[2];
const topic = 'js-orders';
const groupId = 'js-readers';
const PARTITIONS = 4;
const EVERY = Array.from({ length: PARTITIONS }, (_, partition) => partition);
// Records of one step: enough that every partition gets some by their keys.
const RECORDS = 40;
const LIMIT_MS = 30_000;

const kafka = new Kafka({
  clientId: 'kafkajs-suite',
  brokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(','),
  logLevel: logLevel.ERROR,
});

async function until(what, seen) {
  const end = Date.now() + LIMIT_MS;
  while (!seen()) {
    if (Date.now() > end) throw new Error(`waited ${LIMIT_MS} ms for ${what}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

// What a member has read, by partition, and the partitions it has now.
class Member {
  read = EVERY.map(() => []);
  assigned = [];

  async join(config = {}) {
    // By default it waits five seconds for a fetch, and so to leave, and three for the news of a rebalance.
    const brisk = { sessionTimeout: 10_000, rebalanceTimeout: 10_000, heartbeatInterval: 500, maxWaitTimeInMs: 200 };
    this.consumer = kafka.consumer({ groupId, ...brisk, ...config });
    this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => {
      this.assigned = [...(payload.memberAssignment[topic] ?? [])].sort();
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topic, fromBeginning: true });
    await this.consumer.run({
      eachMessage: async ({ partition, message }) => {
        this.read[partition].push(message.value.toString());
      },
    });
    return this;
  }

  values() {
    return new Set(this.read.flat());
  }

  leave() {
    return this.consumer.disconnect();
  }
}

const missing = (wanted, ...members) => wanted.filter((value) => !members.some((member) => member.values().has(value)));

const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });

async function produce(step, compression = CODECS.none) {
  const messages = Array.from({ length: RECORDS }, (_, n) => ({
    key: `key-${n}`,
    value: `${step}-${n}`,
    headers: { source: 'suite' },
  }));
  await producer.send({ topic, acks: -1, compression, messages });
  return messages.map(({ value }) => value);
}

// kafkajs has no manual assignment: it reads in groups only. The nearest is an assigner of one's own that gives
// the one member of a group of its own the partitions that were asked for.
function only(partitions) {
  const plain = { version: 1, userData: Buffer.alloc(0) };
  return () => ({
    name: 'Only',
    version: 1,
    protocol: ({ topics }) => ({ name: 'Only', metadata: AssignerProtocol.MemberMetadata.encode({ ...plain, topics }) }),
    assign: async ({ members }) => {
      assert.equal(members.length, 1);
      const memberAssignment = AssignerProtocol.MemberAssignment.encode({ ...plain, assignment: { [topic]: partitions } });
      return [{ memberId: members[0].memberId, memberAssignment }];
    },
  });
}

async function readAssigned(sent) {
  const all = [];
  for (const partition of EVERY) {
    const ends = await admin.fetchTopicOffsets(topic);
    const end = Number(ends.find((row) => row.partition === partition).high);
    const config = { groupId: `js-partition-${partition}`, partitionAssigners: [only([partition])] };
    const reader = await new Member().join(config);
    await until(`the end of partition ${partition}`, () => reader.read[partition].length >= end);
    await reader.leave();
    assert.ok(end > 0, `partition ${partition} is empty: keys do not spread`);
    assert.equal(reader.read.flat().length, end, 'only the assigned partition was read');
    all.push(...reader.read[partition]);
  }
  assert.deepEqual(all.sort(), [...sent].sort());
}

async function rebalance(sent) {
  const one = await new Member().join();
  await until('every record', () => missing(sent, one).length === 0);
  assert.deepEqual(one.assigned, EVERY);
  const two = await new Member().join();
  await until('half of the partitions for each', () => {
    const halves = one.assigned.length === 2 && two.assigned.length === 2;
    return halves && new Set([...one.assigned, ...two.assigned]).size === PARTITIONS;
  });
  const described = await admin.describeGroups([groupId]);
  assert.equal(described.groups[0].members.length, 2);
  const both = await produce('both');
  await until('the records, by both', () => missing(both, one, two).length === 0);
  assert.ok(missing(both, one).length > 0 && missing(both, two).length > 0, 'each member has records of its own');
  await two.leave();
  await until('the partitions to come back', () => one.assigned.length === PARTITIONS);
  const alone = await produce('alone');
  await until('what came when it was alone', () => missing(alone, one).length === 0);
  await one.leave();
  const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
  const total = offsets[0].partitions.reduce((sum, { offset }) => sum + Number(offset), 0);
  assert.equal(total, sent.length + both.length + alone.length, 'the group has committed everything');
}

const admin = kafka.admin();
await admin.connect();
await producer.connect();

if (phase === 'first') {
  const shape = { topic, numPartitions: PARTITIONS, replicationFactor: 3 };
  assert.equal(await admin.createTopics({ topics: [shape], waitForLeaders: true }), true);
  const sent = [];
  for (const [name, compression] of Object.entries(CODECS)) sent.push(...(await produce(name, compression)));
  await readAssigned(sent);
  await rebalance(sent);
} else {
  const after = await produce('after');
  const reader = await new Member().join();
  await until('the new records', () => missing(after, reader).length === 0);
  await reader.leave();
  assert.deepEqual([...reader.values()].sort(), after.sort(), 'the group reads on where it had committed');
}
await producer.disconnect();
await admin.disconnect();
console.log('ok');
