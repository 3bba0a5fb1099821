"""confluent-kafka-python: every codec, an assignment, a group that rebalances, a transaction."""

import json
import os
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

BOOTSTRAP = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
PROTOCOL = sys.argv[1]
TOPIC = f"confluent-{PROTOCOL}"
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
PARTITIONS = 6
DEADLINE_S = 60


def consumer(group):
    return Consumer({
        "bootstrap.servers": BOOTSTRAP, "group.id": group, "group.protocol": PROTOCOL, "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "isolation.level": "read_committed",
    })


def poll(members, seen):
    for member in members:
        message = member.poll(0.05)
        if message is not None and message.error() is None:
            seen.add(message.value().decode())


def settle(members, sizes, seen):
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        poll(members, seen)
        if sorted(len(member.assignment()) for member in members) == sizes:
            return sizes
    return sorted(len(member.assignment()) for member in members)


def read(members, count, seen):
    end = time.monotonic() + DEADLINE_S
    while len(seen) < count and time.monotonic() < end:
        poll(members, seen)
    return len(seen)


def main():
    found = {}
    admin = AdminClient({"bootstrap.servers": BOOTSTRAP})
    for future in admin.create_topics([NewTopic(TOPIC, PARTITIONS)]).values():
        future.result()
    for codec in CODECS:
        producer = Producer({"bootstrap.servers": BOOTSTRAP, "compression.type": codec, "acks": "all"})
        for n in range(60):
            producer.produce(TOPIC, f"{codec}-{n}", partition=n % PARTITIONS)
        found[f"left_{codec}"] = producer.flush(30)

    alone = consumer("confluent-alone")
    alone.assign([TopicPartition(TOPIC, partition, 0) for partition in range(PARTITIONS)])
    found["assigned"] = read([alone], 300, set())
    alone.close()

    group, seen = f"confluent-{PROTOCOL}", set()
    members = [consumer(group)]
    members[0].subscribe([TOPIC])
    found["one"] = settle(members, [6], seen)
    found["read"] = read(members, 300, seen)
    members[0].commit(asynchronous=False)
    members.append(consumer(group))
    members[1].subscribe([TOPIC])
    found["two"] = settle(members, [3, 3], seen)
    members.pop(0).close()
    found["left"] = settle(members, [6], seen)

    # Only what a transaction commits is read, and the group's offsets move with it.
    producer = Producer({"bootstrap.servers": BOOTSTRAP, "transactional.id": TOPIC})
    producer.init_transactions()
    for word, ends in [("aborted", producer.abort_transaction), ("committed", producer.commit_transaction)]:
        producer.begin_transaction()
        producer.produce(TOPIC, word, partition=0)
        ends()
    found["transaction"] = read(members, 301, seen) == 301 and "committed" in seen
    members[0].commit(asynchronous=False)
    members.pop().close()
    offsets = admin.list_consumer_group_offsets
    from confluent_kafka import ConsumerGroupTopicPartitions
    (listed,) = offsets([ConsumerGroupTopicPartitions(group)]).values()
    found["partitions_committed"] = len(listed.result().topic_partitions)
    print(json.dumps(found))


main()
