// A producer of one record in the languages people ask for, with the real address filled in.
export interface Snippet {
  id: string;
  label: string;
  text: (bootstrap: string, topic: string) => string;
}

export const SNIPPETS: readonly Snippet[] = [
  {
    id: "python",
    label: "Python",
    text: (bootstrap, topic) => `from confluent_kafka import Producer

p = Producer({
    "bootstrap.servers": "${bootstrap}",
})
p.produce("${topic}", key="eu-1001",
          value='{"total": 12.40}')
p.flush()`,
  },
  {
    id: "java",
    label: "Java",
    text: (bootstrap, topic) => `var props = new Properties();
props.put("bootstrap.servers",
    "${bootstrap}");
var text = new StringSerializer();
try (var p = new KafkaProducer<>(
        props, text, text)) {
    p.send(new ProducerRecord<>("${topic}",
        "eu-1001", "{\\"total\\": 12.40}"));
}`,
  },
  {
    id: "node",
    label: "Node",
    text: (bootstrap, topic) => `import { Kafka } from "kafkajs";

const kafka = new Kafka({
  brokers: ["${bootstrap.split(",").join('", "')}"],
});
const producer = kafka.producer();
await producer.connect();
await producer.send({
  topic: "${topic}",
  messages: [{ key: "eu-1001",
               value: '{"total": 12.40}' }],
});
await producer.disconnect();`,
  },
  {
    id: "go",
    label: "Go",
    text: (bootstrap, topic) => `cl, err := kgo.NewClient(
    kgo.SeedBrokers("${bootstrap.split(",").join('", "')}"),
    kgo.AllowAutoTopicCreation(),
)
if err != nil {
    log.Fatal(err)
}
defer cl.Close()
sent := cl.ProduceSync(ctx, &kgo.Record{
    Topic: "${topic}",
    Key:   []byte("eu-1001"),
    Value: []byte(\`{"total": 12.40}\`),
})
if err := sent.FirstErr(); err != nil {
    log.Fatal(err)
}`,
  },
  {
    id: "rust",
    label: "Rust",
    text: (bootstrap, topic) => `let producer: FutureProducer =
    ClientConfig::new()
        .set("bootstrap.servers",
             "${bootstrap}")
        .create()?;
producer.send(
    FutureRecord::to("${topic}")
        .key("eu-1001")
        .payload(r#"{"total": 12.40}"#),
    Duration::from_secs(5),
).await.map_err(|(e, _)| e)?;`,
  },
  {
    id: "dotnet",
    label: ".NET",
    text: (bootstrap, topic) => `using Confluent.Kafka;

var config = new ProducerConfig {
    BootstrapServers = "${bootstrap}",
};
using var p = new ProducerBuilder<string, string>(
    config).Build();
await p.ProduceAsync("${topic}", new() {
    Key = "eu-1001",
    Value = """{"total": 12.40}""",
});`,
  },
  {
    id: "shell",
    label: "kcat",
    text: (bootstrap, topic) => `echo 'eu-1001:{"total": 12.40}' |
  kcat -P -b ${bootstrap} \\
       -t ${topic} -K :

kcat -C -b ${bootstrap} \\
     -t ${topic} -o -10 -e`,
  },
  {
    id: "compose",
    label: "Compose",
    text: (bootstrap) => `# Linux: the container shares this machine's
# network, and so its loopback.
services:
  app:
    image: your-app
    network_mode: host
    environment:
      KAFKA_BOOTSTRAP_SERVERS: >-
        ${bootstrap}`,
  },
];
