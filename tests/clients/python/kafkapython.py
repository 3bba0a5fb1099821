"""kafka-python, which speaks the protocol in Python itself: every codec, an assignment, a group that rebalances.

Its members poll for long, each in its thread: version 3.0.12 forgets its assignment when a poll ends in the middle of
a join (the join goes on and clears `rejoin_needed`; the next poll then never applies what was assigned).
"""

import json
import os
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

BOOTSTRAP = os.environ["KAFKA_BOOTSTRAP_SERVERS"].split(",")
TOPIC = "kafka-python"
CODECS = [None, "gzip", "snappy", "lz4", "zstd"]
PARTITIONS = 6
DEADLINE_S = 60
POLL_MS = 3000


def consumer(group=None):
    return KafkaConsumer(
        bootstrap_servers=BOOTSTRAP, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False,
        session_timeout_ms=6000, heartbeat_interval_ms=500,
    )


class Member(threading.Thread):
    def __init__(self, seen):
        super().__init__()
        self.seen, self.assigned, self.leaving = seen, 0, threading.Event()
        self.start()

    def run(self):
        reader = consumer("kafka-python")
        reader.subscribe([TOPIC])
        while not self.leaving.is_set():
            for records in reader.poll(timeout_ms=POLL_MS).values():
                self.seen.update(record.value.decode() for record in records)
            self.assigned = len(reader.assignment())
        reader.commit()
        reader.close()

    def leave(self):
        self.leaving.set()
        self.join()


def until(holds):
    end = time.monotonic() + DEADLINE_S
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)


def settle(members, sizes):
    def now():
        return sorted(member.assigned for member in members)

    until(lambda: now() == sizes)
    return now()


def assigned():
    alone, read = consumer(), 0
    alone.assign([TopicPartition(TOPIC, partition) for partition in range(PARTITIONS)])
    end = time.monotonic() + DEADLINE_S
    while read < 300 and time.monotonic() < end:
        read += sum(len(records) for records in alone.poll(timeout_ms=100).values())
    alone.close()
    return read


def main():
    found = {}
    admin = KafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    admin.create_topics([NewTopic(name=TOPIC, num_partitions=PARTITIONS, replication_factor=3)])
    for codec in CODECS:
        producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, compression_type=codec, acks="all")
        sent = [producer.send(TOPIC, f"{codec}-{n}".encode(), partition=n % PARTITIONS) for n in range(60)]
        found[f"acknowledged_{codec}"] = sum(future.get(30).offset >= 0 for future in sent)
        producer.close()
    found["assigned"] = assigned()

    seen = set()
    one = Member(seen)
    found["one"] = settle([one], [6])
    until(lambda: len(seen) == 300)
    found["read"] = len(seen)
    two = Member(seen)
    found["two"] = settle([one, two], [3, 3])
    one.leave()
    found["left"] = settle([two], [6])
    two.leave()
    print(json.dumps(found))


main()
