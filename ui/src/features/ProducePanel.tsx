import { Button, IconButton } from "../components/Button";
import { Field, Select, TextInput } from "../components/fields";
import { IconAdd, IconClose, IconProduce } from "../components/icons";
import { Section } from "../components/layout";
import type { ClusterSummary, Codec, Payload, SentRecord } from "../ipc/bindings";
import { useAct } from "../ipc/call";
import { writeRefusal } from "../ipc/cluster";
import { useDraft } from "../ipc/persisted";
import { ErrorView } from "../ipc/remedies";
import { label as keyLabel, matches } from "../lib/keys";
import { exactDigits } from "../lib/numbers";
import { type PayloadDraft, PayloadInput, type PayloadKind, payloadProblem, toPayload } from "./PayloadInput";
import { draftName, EMPTY_DRAFT, type HeaderDraft, type ProduceDraft } from "./produceDraft";
import { didTry } from "./tryNext";

const SEND_KEYS = "Mod+Enter";

export interface ProducePanelProps {
  cluster: ClusterSummary | undefined;
  topic: string;
  partitions: number;
  onClose: () => void;
  onProduced?: (produced: SentRecord) => void;
}

function sentTo(sent: SentRecord | undefined): string {
  if (!sent) return keyLabel(SEND_KEYS);
  return `written: partition ${sent.partition}, offset ${exactDigits(sent.offset)}`;
}

export function ProducePanel({ cluster, topic, partitions, onClose, onProduced }: ProducePanelProps) {
  const [draft, patch] = useDraft<ProduceDraft>(draftName(cluster?.clusterId, topic), EMPTY_DRAFT);
  const send = useAct("produce.send", (sent) => {
    didTry("produce");
    onProduced?.(sent);
  });
  const problem =
    writeRefusal(cluster) ??
    payloadProblem(draft.key, "Key") ??
    payloadProblem(draft.value, "Value") ??
    draft.headers.map((header) => payloadProblem(header, `Header ${header.name}`)).find(Boolean) ??
    partitionProblem(draft.partition, partitions);
  const produce = () => {
    if (!cluster) return;
    send.run({
      clusterId: cluster.clusterId,
      topic,
      partition: draft.partition.trim() === "" ? undefined : Number(draft.partition),
      key: keyPayload(draft.key),
      value: toPayload(draft.value),
      headers: draft.headers.map((header) => ({ name: header.name, value: toPayload(header) })),
      codec: draft.codec,
      acks: draft.acks,
    });
  };
  const header = (index: number, change: Partial<HeaderDraft>) =>
    patch({ headers: draft.headers.map((one, at) => (at === index ? { ...one, ...change } : one)) });

  return (
    <>
      <div className="sec tall">
        <h2>Produce record</h2>
        <span className="right">
          <IconButton icon={IconClose} name="Close produce panel" shortcut="Escape" onClick={onClose} />
        </span>
      </div>
      <div
        className="pane scroll fill"
        role="group"
        aria-label="Record to send"
        onKeyDown={(event) => {
          if (!matches(event.nativeEvent, SEND_KEYS) || problem || send.running) return;
          event.preventDefault();
          event.stopPropagation();
          produce();
        }}
      >
        <div className="pad stack wide">
          <PayloadInput
            name="Key"
            draft={draft.key}
            rows={2}
            autoFocus
            placeholder="no key"
            onChange={(key) => patch({ key })}
          />
          <PayloadInput name="Value" draft={draft.value} rows={8} onChange={(value) => patch({ value })} />
          <div>
            <Button kind="word" onClick={() => patch({ value: { ...draft.value, kind: "null" } })}>
              Make it a tombstone
            </Button>
          </div>
        </div>
        <div className="line" />
        <Section title="Headers" note={draft.headers.length || undefined}>
          <Button
            kind="quiet"
            small
            icon={IconAdd}
            onClick={() => patch({ headers: [...draft.headers, { name: "", kind: "text", text: "" }] })}
          >
            Add header
          </Button>
        </Section>
        <div className="pad-x stack">
          {draft.headers.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: header names may repeat; the place is the identity.
            <div key={index} className="row tight">
              <TextInput
                small
                name={`Header ${index + 1} name`}
                placeholder="name"
                value={one.name}
                onChange={(name) => header(index, { name })}
              />
              {one.kind === "text" || one.kind === "base64" ? (
                <TextInput
                  small
                  name={`Header ${index + 1} value`}
                  placeholder="value"
                  value={one.text}
                  onChange={(text) => header(index, { text })}
                />
              ) : (
                <span className="grow" />
              )}
              <Select<PayloadKind>
                name={`Header ${index + 1} kind`}
                value={one.kind}
                options={[
                  { value: "text", label: "text" },
                  { value: "empty", label: "empty" },
                  { value: "null", label: "null" },
                  { value: "base64", label: "base64" },
                ]}
                onChange={(kind) => header(index, { kind })}
              />
              <IconButton
                icon={IconClose}
                name={`Remove header ${index + 1}`}
                onClick={() => patch({ headers: draft.headers.filter((_, at) => at !== index) })}
              />
            </div>
          ))}
        </div>
        <div className="line mt-3" />
        <div className="pad stack">
          <Field label="Partition">
            <TextInput
              small
              name="Partition"
              size="w-offset"
              numeric
              placeholder="by key"
              value={draft.partition}
              onChange={(partition) => patch({ partition })}
            />
          </Field>
          <Field label="Compression">
            <Select<Codec>
              name="Compression"
              value={draft.codec}
              options={(["none", "gzip", "snappy", "lz4", "zstd"] as const).map((codec) => ({
                value: codec,
                label: codec,
              }))}
              onChange={(codec) => patch({ codec })}
            />
          </Field>
          <Field label="Acknowledged by">
            <Select<"all" | "1">
              name="Acknowledged by"
              value={draft.acks}
              options={[
                { value: "all", label: "all in-sync replicas" },
                { value: "1", label: "the leader" },
              ]}
              onChange={(acks) => patch({ acks })}
            />
          </Field>
        </div>
      </div>
      {send.error && <ErrorView error={send.error} onRetry={produce} />}
      <div className="foot">
        <Button
          kind="primary"
          small
          icon={IconProduce}
          running={send.running}
          disabledReason={problem}
          onClick={produce}
        >
          {cluster && cluster.environment !== "local"
            ? `Send to ${topic} @ ${cluster.environment.toUpperCase()}`
            : `Send to ${topic}`}
        </Button>
        <span className="small t2 cut" role="status">
          {problem ?? (send.running ? "sending" : sentTo(send.value))}
        </span>
      </div>
    </>
  );
}

/** A key that nobody typed is no key; a key of zero bytes has its own button. */
function keyPayload(draft: PayloadDraft): Payload {
  return draft.kind === "text" && draft.text === "" ? { kind: "null" } : toPayload(draft);
}

function partitionProblem(text: string, partitions: number): string | undefined {
  if (text.trim() === "") return undefined;
  const fits = /^\d+$/.test(text.trim()) && (partitions === 0 || Number(text) < partitions);
  return fits ? undefined : `Partition is 0 to ${Math.max(0, partitions - 1)}`;
}
