// Strangers: kcat, and Apache Kafka 4.3.1 as a remote cluster.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child, freePort, has, root, temporaryDir, until } from "./process.ts";

export function kcat(bootstrap: string, args: string[], input: string | Buffer = ""): string {
  return execFileSync("kcat", ["-q", "-b", bootstrap, ...args], { input, timeout: 30_000, stdio: ["pipe", "pipe", "pipe"] }).toString();
}

/** Every record of a topic: partition, offset, key, key length, value, value length, headers. */
export function readAll(bootstrap: string, topic: string): string[] {
  const format = "%p|%o|%k|%K|%s|%S|%h\n";
  return kcat(bootstrap, ["-C", "-t", topic, "-e", "-f", format]).split("\n").filter(Boolean);
}

/** A kcat that is handed one record after the other. */
export class Producer {
  private readonly process: ChildProcess;
  private code: number | undefined;

  constructor(bootstrap: string, args: string[]) {
    this.process = spawn("kcat", ["-q", "-b", bootstrap, "-P", ...args], { stdio: ["pipe", "ignore", "ignore"] });
    this.process.stdin?.on("error", () => undefined);
    this.process.on("exit", (code) => {
      this.code = code ?? -1;
    });
  }

  write(lines: string): void {
    this.process.stdin?.write(lines);
  }

  /** Its exit code: 0 once every record was acknowledged. */
  async finish(ms: number): Promise<number> {
    this.process.stdin?.end();
    await until("kcat to end", ms, () => this.code !== undefined).catch(() => this.process.kill("SIGKILL"));
    return this.code ?? -1;
  }
}

const jars = join(root, "target/kafka/lib");
export const hasApache = () => {
  if (existsSync(jars)) return has("java", "-version");
  if (process.env.CI) throw new Error("Kafka's jars are needed for this test");
  console.log("skipped: Kafka's jars are not there");
  return false;
};

export class Apache {
  private child?: Child;
  private constructor(
    readonly port: number,
    private readonly properties: string,
    private readonly remove: () => void,
  ) {}

  static async start(): Promise<Apache> {
    const dir = temporaryDir();
    const [port, control] = [await freePort(), await freePort()];
    const properties = join(dir.path, "server.properties");
    writeFileSync(
      properties,
      `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:${control}
listeners=PLAINTEXT://localhost:${port},CONTROLLER://localhost:${control}
advertised.listeners=PLAINTEXT://localhost:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(dir.path, "logs")}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`,
    );
    const format = ["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", properties];
    execFileSync("java", ["-cp", `${jars}/*`, ...format], { stdio: "ignore", timeout: 60_000 });
    const apache = new Apache(port, properties, dir.remove);
    await apache.run();
    return apache;
  }

  get bootstrap(): string {
    return `localhost:${this.port}`;
  }

  async run(): Promise<void> {
    this.child = new Child("java", ["-Xmx512m", "-cp", `${jars}/*`, "kafka.Kafka", this.properties]);
    await until("Apache Kafka", 60_000, () => {
      try {
        return kcat(this.bootstrap, ["-L", "-m", "2"]).includes(`at localhost:${this.port}`);
      } catch {
        return false;
      }
    });
  }

  async kill(): Promise<void> {
    await this.child?.end("SIGKILL");
  }

  async close(): Promise<void> {
    await this.kill();
    this.remove();
  }
}

/** Kafka's own consumer in a group of the new protocol (KIP-848). */
export function consoleConsumer(bootstrap: string, group: string, topic: string): Child {
  const tool = "org.apache.kafka.tools.consumer.ConsoleConsumer";
  const where = ["--bootstrap-server", bootstrap, "--topic", topic, "--group", group];
  const newer = ["--consumer-property", "group.protocol=consumer"];
  return new Child("java", ["-Xmx128m", "-cp", `${jars}/*`, tool, ...where, ...newer]);
}
