// The script of the client suite, by kafkajs: create, produce, consume by group with a rebalance, read on.
// kafkajs speaks old, non-flexible versions of most APIs, which no other client here does.
import assert from 'node:assert/strict';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';

const phase = process.argv[2];
const topic = 'js-orders';
const groupId = 'js-readers';
const kafka = new Kafka({
  clientId: 'kafkajs-suite',
  brokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(','),
  logLevel: logLevel.ERROR,
});

async function until(what, ms, seen) {
  const end = Date.now() + ms;
  while (!seen()) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

async function reader(sink) {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 10_000, rebalanceTimeout: 10_000 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let assigned = [];
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = payload.memberAssignment[topic] ?? [];
  });
  await consumer.run({
    eachMessage: async ({ message }) => {
      sink.add(message.value.toString());
    },
  });
  return { consumer, assigned: () => assigned };
}

const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();

if (phase === 'first') {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 4, replicationFactor: 3 }], waitForLeaders: true });
  const sent = new Set();
  for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
    const messages = Array.from({ length: 40 }, (_, n) => ({
      key: `k${n}`,
      value: `${compression}-${n}`,
      headers: { source: 'suite' },
    }));
    for (const message of messages) sent.add(message.value);
    await producer.send({ topic, acks: -1, compression, messages });
  }
  const read = new Set();
  const one = await reader(read);
  await until('every record', 30_000, () => read.size === sent.size);
  assert.deepEqual([...read].sort(), [...sent].sort());
  const two = await reader(read);
  await until('a rebalance', 30_000, () => one.assigned().length === 2 && two.assigned().length === 2);
  const described = await admin.describeGroups([groupId]);
  assert.equal(described.groups[0].members.length, 2);
  await two.consumer.disconnect();
  await until('the partitions to come back', 30_000, () => one.assigned().length === 4);
  await one.consumer.disconnect();
  const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
  const total = offsets[0].partitions.reduce((sum, { offset }) => sum + Number(offset), 0);
  assert.equal(total, sent.size);
  await admin.disconnect();
} else {
  await producer.send({ topic, messages: [{ value: 'after' }] });
  const read = new Set();
  const { consumer } = await reader(read);
  await until('the new record', 30_000, () => read.size > 0);
  assert.deepEqual([...read], ['after'], 'the group reads on where it had committed');
  await consumer.disconnect();
}
await producer.disconnect();
console.log('ok');
