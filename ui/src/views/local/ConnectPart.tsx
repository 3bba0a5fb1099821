import { useMemo } from "react";
import { copyAndSay } from "../../components/CopyButton";
import { Age } from "../../components/clock";
import { byNumber, byText, type Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconCopy } from "../../components/icons";
import { Section } from "../../components/layout";
import { Link } from "../../components/navigation";
import { Empty } from "../../components/states";
import { SafeLine } from "../../components/text";
import { ConnectPanel } from "../../features/ConnectPanel";
import { byProgram, isOurs, type Program } from "../../features/programs";
import type { ClusterId, LocalPanel } from "../../ipc/bindings";
import { useFeed } from "../../ipc/feed";
import { hrefs } from "../../lib/hrefs";
import { bytes, exactNumber } from "../../lib/numbers";
import { ContainersPart } from "./ContainersPart";

const key = (client: Program) => `${client.address} ${client.clientId}`;

/** Code with the real address, and everybody who is connected. */
export function ConnectPart({ clusterId, panel }: { clusterId: ClusterId; panel: LocalPanel }) {
  const clients = useFeed("status", { clusterId }).value?.clients ?? [];
  const topics = useFeed("topics", panel.running ? { clusterId } : undefined).value?.value;
  const programs = byProgram(clients);
  const own = programs.filter((client) => !isOurs(client));
  const columns = useMemo(() => clientColumns(clusterId), [clusterId]);
  const source = useListSource(
    programs.sort((a, b) => Number(isOurs(a)) - Number(isOurs(b)) || b.records - a.records),
    key,
  );
  return (
    <div className="split line">
      <div className="pane grow">
        <Section
          title="Connected now"
          note={
            programs.length > own.length
              ? `${own.length} of yours, ${programs.length - own.length} of the sample shop`
              : undefined
          }
        />
        <DataGrid
          name="Connected clients"
          source={source}
          columns={columns}
          menu={(client) => [
            { label: "Copy address", icon: IconCopy, run: () => void copyAndSay(client.address, "Address") },
          ]}
          empty={
            <Empty title={panel.running ? "Nobody is connected" : "The local cluster is stopped"}>
              {panel.running && "Run the code beside this, and its client appears here by name and version."}
            </Empty>
          }
        />
      </div>
      <div className="pane r connect scroll">
        <ConnectPanel
          clusterId={clusterId}
          bootstrap={panel.bootstrap ?? "localhost:9092"}
          topic={topics?.find((topic) => !topic.internal)?.name ?? "orders"}
          local
        />
        <ContainersPart panel={panel} />
      </div>
    </div>
  );
}

function TopicLink(props: { clusterId: ClusterId; topic: string | undefined; none: string }) {
  if (!props.topic) return <span className="t3">{props.none}</span>;
  return (
    <Link href={hrefs.topic(props.clusterId, props.topic)} className="noun">
      <SafeLine text={props.topic} />
    </Link>
  );
}

function clientColumns(clusterId: ClusterId): Column<Program>[] {
  return [
    {
      id: "software",
      head: "Client",
      width: "minmax(120px,0.9fr)",
      narrow: "minmax(70px,0.8fr)",
      order: byText((client) => client.software),
      cell: (client) => (
        <SafeLine text={client.software ? `${client.software} ${client.version}` : "did not say"} />
      ),
    },
    {
      id: "id",
      head: "Client id",
      width: "minmax(110px,1.5fr)",
      narrow: "minmax(80px,1.2fr)",
      look: "mono",
      order: byText((client) => client.clientId),
      cell: (client) => (
        <span className={isOurs(client) ? "t3" : ""}>
          <SafeLine text={client.clientId || "—"} />
        </span>
      ),
    },
    {
      id: "address",
      head: "Address",
      width: "136px",
      look: "mono",
      above: 620,
      cell: (client) => client.address,
    },
    {
      id: "connections",
      head: "Conn.",
      width: "52px",
      look: "num",
      above: 560,
      cell: (client) => (client.leftAt === undefined ? client.connections : <span className="t3">left</span>),
    },
    {
      id: "records",
      head: "Sent",
      width: "72px",
      narrow: "56px",
      look: "num",
      order: byNumber((client) => client.records),
      cell: (client) => exactNumber(client.records),
    },
    {
      id: "topic",
      head: "Last to",
      width: "minmax(90px,0.7fr)",
      narrow: "minmax(70px,1fr)",
      look: "mono after",
      cell: (client) => <TopicLink clusterId={clusterId} topic={client.lastTopic} none="—" />,
    },
    {
      id: "read",
      head: "Read",
      width: "80px",
      narrow: "64px",
      look: "num",
      order: byNumber((client) => client.readBytes),
      cell: (client) => <span title="record batches as they lie in the log">{bytes(client.readBytes)}</span>,
    },
    {
      id: "from",
      head: "Last from",
      width: "minmax(90px,0.7fr)",
      narrow: "minmax(70px,1fr)",
      look: "mono after",
      above: 560,
      cell: (client) => <TopicLink clusterId={clusterId} topic={client.lastRead} none="—" />,
    },
    {
      id: "seen",
      head: "Last asked",
      width: "88px",
      look: "num ui",
      above: 720,
      cell: (client) => <Age at={client.at} />,
    },
  ];
}
