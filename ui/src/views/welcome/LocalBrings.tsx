import { Section } from "../../components/layout";
import { Waiting } from "../../components/states";
import type { LocalPreview } from "../../ipc/bindings";
import type { Answer } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";
import { counted } from "../../lib/numbers";

/** What a start brings: addresses, replication, data. */
export function LocalBrings({ brokers, preview }: { brokers: number; preview: Answer<LocalPreview> }) {
  const replicas = Math.min(3, brokers);
  const inSync = Math.max(1, replicas - 1);
  return (
    <section aria-label="What it brings">
      <div className="sec">
        <h2>What it brings</h2>
        <span className="note">it speaks Kafka's own protocol</span>
      </div>
      {preview.loading && <Waiting words="Looking for free ports" />}
      {preview.error && <ErrorView error={preview.error} onRetry={preview.retry} />}
      {preview.value && (
        <>
          <div className="gh brings-cols" aria-hidden>
            <span>Broker</span>
            <span>Address</span>
            <span>Folder in data</span>
          </div>
          {preview.value.ports.map((port, index) => (
            <div key={port} className="gr brings-cols">
              <span className="m">{index + 1}</span>
              <span className="m">localhost:{port}</span>
              <span className="m t2">broker-{index + 1}</span>
            </div>
          ))}
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

function range(ports: number[]): string {
  const first = ports[0];
  const last = ports.at(-1);
  if (first === undefined || last === undefined) return "—";
  return ports.length === 1 ? `localhost:${first}` : `localhost:${first}–${last}`;
}
