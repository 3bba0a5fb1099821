import { useMemo } from "react";
import { copyAndSay } from "../components/CopyButton";
import { BytesCell, InSync } from "../components/cells";
import { Glyph } from "../components/Glyph";
import { type Column, trackFor } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useListSource } from "../components/grid/rowSource";
import { IconBad, IconBroker, IconCopy, IconMore, IconPause, IconWarn } from "../components/icons";
import { MenuButton } from "../components/Menu";
import { Link, useNavigation } from "../components/navigation";
import { OldValue } from "../components/OldValue";
import { usePageActions } from "../components/pageActions";
import { Empty } from "../components/states";
import type { BrokerRow, ClusterId } from "../ipc/bindings";
import { hrefs } from "../lib/hrefs";
import { bytes, exactNumber } from "../lib/numbers";
import { oldOf } from "../lib/old";
import { FaultButtons, type FaultEntry, faultEntries, usePowerCut } from "./brokerFaults";

const key = (broker: BrokerRow) => String(broker.id);

const WITH_WORDS = {
  width: "204px",
};
const WITHOUT_WORDS = {
  width: "36px",
  narrow: "28px",
};

/** Below these widths a column leaves, so that the actions stay; as buttons with words they take more. */
const ABOVE = {
  words: { rack: 1080, numbers: 690, disk: 770, used: 860, rates: 1010 },
  menu: { rack: 640, numbers: 0, disk: 520, used: 760, rates: 660 },
};

const inSync = ({ inSync: count, replicas }: BrokerRow) => `${exactNumber(count)}/${exactNumber(replicas)}`;

function rateColumns(above: number): Column<BrokerRow>[] {
  const both = { width: "84px", look: "num", above } as const;
  return [
    { ...both, id: "in", head: "In", cell: (broker) => <PerSec of={broker.bytesInPerSec} /> },
    { ...both, id: "out", head: "Out", cell: (broker) => <PerSec of={broker.bytesOutPerSec} /> },
  ];
}

export interface BrokerTableProps {
  clusterId: ClusterId;
  brokers: BrokerRow[];
  local: boolean;
  readOnly: boolean;
  /** Fills its pane. */
  wide?: boolean;
  /** Shows the actions as buttons with words. */
  words?: boolean;
}

export function BrokerTable({ clusterId, brokers, local, readOnly, wide, words }: BrokerTableProps) {
  const navigation = useNavigation();
  const [cutting, cut] = usePowerCut();
  const racks = brokers.some((broker) => broker.rack);
  const used = brokers.some((broker) => broker.diskUsed !== undefined && broker.diskUsed !== null);
  // Kafka's protocol tells nobody of traffic; the local cluster counts it.
  const told = brokers.some((broker) => broker.bytesInPerSec !== undefined && broker.bytesInPerSec !== null);
  const above = words ? ABOVE.words : ABOVE.menu;
  const numbers = brokers.map(inSync).join(" ");
  const columns = useMemo<Column<BrokerRow>[]>(
    () => [
      ...brokerColumns({ clusterId, racks, used, told, above, numbers }),
      ...(local ? [faultColumn(words ?? false, (broker) => faultEntries(broker, readOnly, cut))] : []),
    ],
    [clusterId, local, readOnly, racks, words, used, told, cut, above, numbers],
  );
  const source = useListSource(brokers, key);
  const faults = local ? brokers.flatMap((broker) => faultEntries(broker, readOnly, cut)) : [];
  usePageActions([
    ...brokers.map((broker) => ({
      id: `broker.open.${broker.id}`,
      label: `Open broker ${broker.id}`,
      icon: IconBroker,
      run: () => navigation.go(hrefs.broker(clusterId, broker.id)),
    })),
    ...faults.map(({ label, icon, disabledReason, harm, run }) => ({
      id: label,
      label,
      icon,
      disabledReason,
      harm,
      run,
    })),
  ]);
  return (
    <>
      <DataGrid
        name="Brokers"
        natural={!wide}
        source={source}
        columns={columns}
        rowClass={(broker) => (broker.state === "running" ? "" : "dim")}
        onOpen={(broker, newTab) => {
          const href = hrefs.broker(clusterId, broker.id);
          if (newTab) navigation.openTab(href);
          else navigation.go(href);
        }}
        menu={(broker) => [
          { label: "Copy address", icon: IconCopy, run: () => void copyAndSay(broker.address, "Address") },
          ...(local ? (["line", ...faultEntries(broker, readOnly, cut)] as const) : []),
        ]}
        empty={<Empty title="No brokers answer" />}
      />
      {cutting}
    </>
  );
}

interface Shown {
  clusterId: ClusterId;
  racks: boolean;
  used: boolean;
  told: boolean;
  above: (typeof ABOVE)["words"] | (typeof ABOVE)["menu"];
  numbers: string;
}

function brokerColumns({ clusterId, racks, used, told, above, numbers }: Shown): Column<BrokerRow>[] {
  return [
    {
      id: "id",
      head: "Broker",
      width: "56px",
      narrow: "48px",
      look: "mono",
      cell: (broker) => (
        <Link href={hrefs.broker(clusterId, broker.id)} className="link" name={`Broker ${broker.id}`}>
          {broker.id}
        </Link>
      ),
    },
    {
      id: "address",
      head: "Address",
      width: "minmax(124px,1fr)",
      narrow: "minmax(112px,1fr)",
      look: "mono",
      cell: (broker) => broker.address,
    },
    ...(racks
      ? ([
          {
            id: "rack",
            head: "Rack",
            width: "52px",
            look: "mono",
            above: above.rack,
            cell: (broker) => broker.rack ?? <span className="t3">—</span>,
          },
        ] satisfies Column<BrokerRow>[])
      : []),
    {
      id: "leaders",
      head: "Leaders",
      width: "60px",
      narrow: "58px",
      look: "num",
      above: above.numbers,
      cell: (broker) => exactNumber(broker.leaders),
    },
    {
      id: "insync",
      head: "In sync",
      width: trackFor(numbers.split(" "), 68),
      narrow: trackFor(numbers.split(" "), 58),
      look: "num",
      above: above.numbers,
      cell: (broker) => <InSync of={broker} />,
    },
    {
      id: "disk",
      head: "Disk",
      width: "76px",
      look: "num",
      above: above.disk,
      cell: (broker) => <BytesCell cell={broker.logBytes} />,
    },
    ...(used
      ? ([
          {
            id: "used",
            head: "Disk used",
            width: "80px",
            look: "num",
            above: above.used,
            cell: (broker) => <Used broker={broker} />,
          },
        ] satisfies Column<BrokerRow>[])
      : []),
    ...(told ? rateColumns(above.rates) : []),
    {
      id: "state",
      head: "State",
      width: "minmax(142px,0.6fr)",
      narrow: "minmax(92px,0.6fr)",
      look: "after",
      cell: (broker) => <StateWord broker={broker} />,
    },
  ];
}

function faultColumn(words: boolean, entriesOf: (broker: BrokerRow) => FaultEntry[]): Column<BrokerRow> {
  return {
    id: "act",
    head: "Actions",
    spoken: true,
    ...(words ? WITH_WORDS : WITHOUT_WORDS),
    cell: (broker) =>
      words ? (
        <FaultButtons broker={broker.id} entries={entriesOf(broker)} />
      ) : (
        <MenuButton entries={entriesOf(broker)}>
          <button
            type="button"
            className="btn sm ic q rowmenu"
            aria-label={`Actions for broker ${broker.id}`}
          >
            <IconMore className="i s" size={14} stroke={1.5} aria-hidden />
          </button>
        </MenuButton>
      ),
  };
}

/** Bytes a second that clients produce or fetch, replication left out. */
function PerSec({ of }: { of: number | undefined }) {
  if (of === undefined || of === null) return <span className="t3">—</span>;
  return <span title="By clients; replication is left out">{bytes(Math.round(of))}/s</span>;
}

/** The share of all log directories; 85 % is where one begins to act. */
function Used({ broker }: { broker: BrokerRow }) {
  const share = broker.diskUsed ?? undefined;
  if (share === undefined) return <span className="t3">—</span>;
  // Told with the bytes on disk, and as old as they are.
  const old = oldOf(broker.logBytes);
  if (old) return <OldValue old={old}>{Math.round(100 * share)} %</OldValue>;
  const tone = share > 0.95 ? "bad" : share > 0.85 ? "warn" : "";
  return <span className={tone}>{Math.round(100 * share)} %</span>;
}

function StateWord({ broker }: { broker: BrokerRow }) {
  if (broker.state === "running")
    return (
      <span className="t2">Running{broker.controller && <span className="if-wide">, controller</span>}</span>
    );
  const crashed = broker.state !== "stopped" && broker.state !== "paused";
  return (
    <span className={`st ${crashed ? "bad" : "warn"} now`}>
      <Glyph icon={crashed ? IconBad : broker.state === "paused" ? IconPause : IconWarn} small />
      {broker.state.slice(0, 1).toUpperCase() + broker.state.slice(1)}
    </span>
  );
}
