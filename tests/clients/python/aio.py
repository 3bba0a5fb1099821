"""aiokafka: every codec, an assignment, a group that rebalances, a transaction."""

import asyncio
import json
import os
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

BOOTSTRAP = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
TOPIC = "aiokafka"
CODECS = [None, "gzip", "snappy", "lz4", "zstd"]
PARTITIONS = 6
DEADLINE_S = 60


async def consumer(group, *topics):
    made = AIOKafkaConsumer(
        *topics, bootstrap_servers=BOOTSTRAP, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False,
        isolation_level="read_committed", session_timeout_ms=6000, heartbeat_interval_ms=500,
    )
    await made.start()
    return made


async def poll(members, seen):
    for member in members:
        for records in (await member.getmany(timeout_ms=50)).values():
            seen.update(record.value.decode() for record in records)


async def until(members, seen, done):
    end = time.monotonic() + DEADLINE_S
    while not done() and time.monotonic() < end:
        await poll(members, seen)


async def settle(members, sizes, seen):
    def now():
        return sorted(len(member.assignment()) for member in members)
    await until(members, seen, lambda: now() == sizes)
    return now()


async def read(members, count, seen):
    await until(members, seen, lambda: len(seen) >= count)
    return len(seen)


async def main():
    found = {}
    admin = AIOKafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, PARTITIONS, 3)])
    await admin.close()
    for codec in CODECS:
        producer = AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, compression_type=codec, acks="all")
        await producer.start()
        for n in range(60):
            await producer.send(TOPIC, f"{codec}-{n}".encode(), partition=n % PARTITIONS)
        await producer.stop()

    alone = await consumer(None)
    alone.assign([TopicPartition(TOPIC, partition) for partition in range(PARTITIONS)])
    found["assigned"] = await read([alone], 300, set())
    await alone.stop()

    seen = set()
    members = [await consumer("aiokafka", TOPIC)]
    found["one"] = await settle(members, [6], seen)
    found["read"] = await read(members, 300, seen)
    await members[0].commit()
    members.append(await consumer("aiokafka", TOPIC))
    found["two"] = await settle(members, [3, 3], seen)
    await members.pop(0).stop()
    found["left"] = await settle(members, [6], seen)

    producer = AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, transactional_id="aiokafka")
    await producer.start()
    for word, ends in [("aborted", producer.abort_transaction), ("committed", producer.commit_transaction)]:
        await producer.begin_transaction()
        await producer.send_and_wait(TOPIC, word.encode(), partition=0)
        await ends()
    await producer.stop()
    found["transaction"] = await read(members, 301, seen) == 301 and "committed" in seen
    await members.pop().stop()
    print(json.dumps(found))


asyncio.run(main())
