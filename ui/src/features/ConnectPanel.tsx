import { type ReactNode, useEffect } from "react";
import { CopyButton } from "../components/CopyButton";
import { Age } from "../components/clock";
import { Glyph } from "../components/Glyph";
import { IconOk, IconPending } from "../components/icons";
import { PanelViews, Section } from "../components/layout";
import { Link } from "../components/navigation";
import { SafeLine } from "../components/text";
import type { ClusterId } from "../ipc/bindings";
import { useFeed } from "../ipc/feed";
import { usePrefs } from "../ipc/prefs";
import { hrefs } from "../lib/hrefs";
import { bytes, counted } from "../lib/numbers";
import { byProgram, isOurs, type Program } from "./programs";
import { SnippetText } from "./SnippetText";
import { SNIPPETS } from "./snippets";
import { didTry } from "./tryNext";

const CLIENTS_SHOWN = 3;

export interface ConnectPanelProps {
  clusterId: ClusterId;
  bootstrap: string;
  topic: string;
  /** Only the local cluster sees who connects to it. */
  local: boolean;
}

/** "Connect your app": code with the real address, and proof that it worked. */
export function ConnectPanel({ clusterId, bootstrap, topic, local }: ConnectPanelProps) {
  const [prefs, setPrefs] = usePrefs();
  const snippet = SNIPPETS.find((one) => one.id === prefs.snippet) ?? SNIPPETS[0];
  const status = useFeed("status", local ? { clusterId } : undefined);
  const clients = byProgram((status.value?.clients ?? []).filter((client) => !isOurs(client)));
  const connected = clients.length > 0;
  useEffect(() => {
    if (connected) didTry("connect");
  }, [connected]);
  if (!snippet) return null;
  // One address is enough to find the rest, and fits the panel.
  const text = snippet.text(bootstrap.split(",")[0] ?? bootstrap, topic);
  return (
    <section aria-label="Connect your app">
      <Section title="Connect your app">
        <CopyButton text={text} what="Code" words="Copy" />
      </Section>
      <PanelViews
        name="Language"
        low
        items={SNIPPETS.map(({ id, label }) => ({ id, label }))}
        current={snippet.id}
        onPick={(id) => setPrefs({ snippet: id })}
      />
      <SnippetText text={text} />
      {local && <Clients clusterId={clusterId} clients={clients} />}
    </section>
  );
}

function Clients({ clusterId, clients }: { clusterId: ClusterId; clients: Program[] }) {
  if (clients.length === 0) {
    return (
      <div className="row pad under t2">
        <Glyph icon={IconPending} small className="t3" />
        Waiting for a client…
      </div>
    );
  }
  return clients.slice(0, CLIENTS_SHOWN).map((client) => (
    <div key={`${client.address}${client.clientId}`} className="pad under stack-1">
      <div className="row">
        <Glyph icon={IconOk} small className="ok" />
        <span className="b cut selectable">
          <SafeLine
            text={
              client.software ? `${client.software} ${client.version}` : client.clientId || "unnamed client"
            }
          />
        </span>
        <span className="grow" />
        {client.leftAt !== undefined && <span className="label t3">left</span>}
        <Age at={client.leftAt ?? client.at} className="label t3" />
      </div>
      <div className="mono-data t2 selectable cut">
        {client.address}
        {client.software && client.clientId && (
          <>
            {" "}
            <SafeLine text={client.clientId} />
          </>
        )}
      </div>
      {client.lastTopic && (
        <Does clusterId={clusterId} topic={client.lastTopic}>
          {counted(client.records, "record")} sent, last to
        </Does>
      )}
      {client.lastRead && (
        <Does clusterId={clusterId} topic={client.lastRead}>
          {bytes(client.readBytes)} read, last from
        </Does>
      )}
    </div>
  ));
}

/** What a program did last with a topic. */
function Does(props: { clusterId: ClusterId; topic: string; children: ReactNode }) {
  return (
    <div className="row small t2">
      <span className="cut">
        {props.children}{" "}
        <span className="mono">
          <SafeLine text={props.topic} />
        </span>
      </span>
      <span className="grow" />
      <Link href={hrefs.topic(props.clusterId, props.topic)} className="link" name={`Open ${props.topic}`}>
        Open
      </Link>
    </div>
  );
}
