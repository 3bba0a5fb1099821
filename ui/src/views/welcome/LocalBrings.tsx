import { Section } from "../../components/layout";
import { Waiting } from "../../components/states";
import { SHOP_GROUPS, SHOP_TOPICS } from "../../features/SampleShop";
import type { LocalPreview } from "../../ipc/bindings";
import type { Answer } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";
import { counted } from "../../lib/numbers";

/** What a start brings: addresses, replication, data. */
export function LocalBrings({ brokers, preview }: { brokers: number; preview: Answer<LocalPreview> }) {
  const replicas = Math.min(3, brokers);
  const inSync = Math.max(1, replicas - 1);
  return (
    <section aria-label="What a start brings">
      <Section title="Sample shop" note="about 20 records/s, pause it in the status bar" />
      <div className="gh shop-cols" aria-hidden>
        <span>Topic</span>
        <span className="num">P</span>
        <span className="values">Values</span>
        <span>Codec</span>
        <span>Cleanup</span>
        <span className="num">Records/s</span>
      </div>
      {SHOP_TOPICS.map((topic) => (
        <div key={topic.name} className="gr shop-cols">
          <span className="m">{topic.name}</span>
          <span className="num">{topic.partitions}</span>
          <span className="t2 values">{topic.values}</span>
          <span className="t2">{topic.codec}</span>
          <span className="t2">{topic.cleanup}</span>
          <span className="num">{topic.perSec.toFixed(1)}</span>
        </div>
      ))}
      <div className="gr sum shop-cols">
        <span>{counted(SHOP_TOPICS.length, "topic")}</span>
        <span className="num">{total(({ partitions }) => partitions)}</span>
        <span className="values" />
        <span />
        <span />
        <span className="num">{total(({ perSec }) => perSec).toFixed(1)}</span>
      </div>
      <Section title="Groups" />
      <div className="gh group-cols" aria-hidden>
        <span>Group</span>
        <span>Reads</span>
        <span>Behaviour</span>
      </div>
      {SHOP_GROUPS.map((group) => (
        <div key={group.name} className="gr group-cols">
          <span className="m">{group.name}</span>
          <span className="m t2" title={group.reads}>
            {group.reads}
          </span>
          <span className="t2">{group.does}</span>
        </div>
      ))}
      {preview.loading && <Waiting words="Looking for free ports" />}
      {preview.error && <ErrorView error={preview.error} onRetry={preview.retry} />}
      {preview.value && (
        <>
          <Section title="What it uses" />
          <dl className="kv">
            <dt>Addresses</dt>
            <dd className="mono">
              {range(preview.value.ports)} <span className="t3 small">free now</span>
            </dd>
            <dt>Replication</dt>
            <dd>
              {counted(replicas, "replica")}, {inSync} in sync needed
            </dd>
            <dt>Data</dt>
            <dd className="mono wrap">{preview.value.dataDir}</dd>
            <dt>Kept</dt>
            <dd>{preview.value.existing ? "data from before is there" : "until you reset it"}</dd>
            <dt>Reachable from</dt>
            <dd>this machine only</dd>
          </dl>
        </>
      )}
    </section>
  );
}

function total(of: (topic: (typeof SHOP_TOPICS)[number]) => number): number {
  return SHOP_TOPICS.reduce((sum, topic) => sum + of(topic), 0);
}

function range(ports: number[]): string {
  const first = ports[0];
  const last = ports.at(-1);
  if (first === undefined || last === undefined) return "—";
  return ports.length === 1 ? `localhost:${first}` : `localhost:${first}–${last}`;
}
