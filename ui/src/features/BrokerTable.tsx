import { useMemo } from "react";
import { Button } from "../components/Button";
import { copyAndSay } from "../components/CopyButton";
import { BytesCell } from "../components/cells";
import { Glyph } from "../components/Glyph";
import type { Column } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useListSource } from "../components/grid/rowSource";
import { IconBad, IconCopy, IconCrash, IconMore, IconPlay, IconStop, IconWarn } from "../components/icons";
import { MenuButton, type MenuEntries } from "../components/Menu";
import { Empty } from "../components/states";
import { say } from "../components/Toasts";
import type { BrokerRow } from "../ipc/bindings";
import { appError, call } from "../ipc/call";
import { didTry } from "./tryNext";

const key = (broker: BrokerRow) => String(broker.id);

const WITH_WORDS = {
  width: "176px",
};
const WITHOUT_WORDS = {
  width: "36px",
  narrow: "28px",
};

type Fault = "local.stop_broker" | "local.start_broker" | "local.crash_broker";

const WORDS: Record<Fault, string> = {
  "local.stop_broker": "stopped, leaders moved first",
  "local.start_broker": "started",
  "local.crash_broker": "crashed",
};

export function brokerAct(op: Fault, broker: number) {
  call(op, { broker }).then(
    () => {
      if (op !== "local.start_broker") didTry("broker");
      say({ words: `Broker ${broker} ${WORDS[op]}` });
    },
    (cause: unknown) => say({ words: `${appError(cause).what}. ${appError(cause).why}`, bad: true }),
  );
}

export interface BrokerTableProps {
  brokers: BrokerRow[];
  local: boolean;
  readOnly: boolean;
  /** Fills its pane. */
  wide?: boolean;
  /** Shows the actions as buttons with words. */
  words?: boolean;
}

export function BrokerTable({ brokers, local, readOnly, wide, words }: BrokerTableProps) {
  const racks = brokers.some((broker) => broker.rack);
  const used = brokers.some((broker) => broker.diskUsed !== undefined && broker.diskUsed !== null);
  const columns = useMemo<Column<BrokerRow>[]>(
    () => [
      { id: "id", head: "Broker", width: "56px", narrow: "48px", look: "mono", cell: (broker) => broker.id },
      {
        id: "address",
        head: "Address",
        width: "minmax(124px,1fr)",
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
              above: 640,
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
        cell: (broker) => broker.leaders,
      },
      {
        id: "insync",
        head: "In sync",
        width: "68px",
        narrow: "58px",
        look: "num",
        cell: (broker) => (
          <span className={broker.inSync < broker.replicas ? "warn" : ""}>
            {broker.inSync}
            <span className="t3">/{broker.replicas}</span>
          </span>
        ),
      },
      {
        id: "disk",
        head: "Disk",
        width: "76px",
        look: "num",
        above: 520,
        cell: (broker) => <BytesCell cell={broker.logBytes} />,
      },
      ...(used
        ? ([
            {
              id: "used",
              head: "Disk used",
              width: "80px",
              look: "num",
              above: 760,
              cell: (broker) => <Used share={broker.diskUsed ?? undefined} />,
            },
          ] satisfies Column<BrokerRow>[])
        : []),
      {
        id: "state",
        head: "State",
        width: "minmax(142px,0.6fr)",
        narrow: "minmax(104px,0.6fr)",
        look: "after",
        cell: (broker) => <StateWord broker={broker} />,
      },
      ...(local
        ? [
            {
              id: "act",
              head: "Actions",
              spoken: true,
              ...(words ? WITH_WORDS : WITHOUT_WORDS),
              cell: (broker: BrokerRow) =>
                words ? (
                  <FaultButtons broker={broker} readOnly={readOnly} />
                ) : (
                  <MenuButton entries={faults(broker, readOnly)}>
                    <button
                      type="button"
                      className="btn sm ic q rowmenu"
                      aria-label={`Actions for broker ${broker.id}`}
                    >
                      <IconMore className="i s" size={14} stroke={1.5} aria-hidden />
                    </button>
                  </MenuButton>
                ),
            },
          ]
        : []),
    ],
    [local, readOnly, racks, words, used],
  );
  const source = useListSource(brokers, key);
  return (
    <DataGrid
      name="Brokers"
      natural={!wide}
      source={source}
      columns={columns}
      rowClass={(broker) => (broker.state === "running" ? "" : "dim")}
      menu={(broker) => [
        { label: "Copy address", icon: IconCopy, run: () => void copyAndSay(broker.address, "Address") },
        ...(local ? (["line", ...faults(broker, readOnly)] as const) : []),
      ]}
      empty={<Empty title="No brokers answer" />}
    />
  );
}

function FaultButtons({ broker, readOnly }: { broker: BrokerRow; readOnly: boolean }) {
  return (
    <span className="row tight">
      {faults(broker, readOnly).map(
        (entry) =>
          entry !== "line" && (
            <Button
              key={entry.label}
              small
              kind="quiet"
              icon={entry.icon}
              name={entry.label}
              disabledReason={entry.disabledReason}
              onClick={entry.run}
            >
              {entry.label.split(" ")[0]}
            </Button>
          ),
      )}
    </span>
  );
}

function faults(broker: BrokerRow, readOnly: boolean): MenuEntries {
  const reason = readOnly ? "read-only" : undefined;
  return broker.state === "running"
    ? [
        {
          label: `Stop broker ${broker.id}`,
          icon: IconStop,
          disabledReason: reason,
          run: () => brokerAct("local.stop_broker", broker.id),
        },
        {
          label: `Crash broker ${broker.id}`,
          icon: IconCrash,
          danger: true,
          disabledReason: reason,
          run: () => brokerAct("local.crash_broker", broker.id),
        },
      ]
    : [
        {
          label: `Start broker ${broker.id}`,
          icon: IconPlay,
          disabledReason: reason,
          run: () => brokerAct("local.start_broker", broker.id),
        },
      ];
}

/** The share of all log directories; 85 % is where one begins to act. */
function Used({ share }: { share: number | undefined }) {
  if (share === undefined) return <span className="t3">—</span>;
  const tone = share > 0.95 ? "bad" : share > 0.85 ? "warn" : "";
  return <span className={tone}>{Math.round(100 * share)} %</span>;
}

function StateWord({ broker }: { broker: BrokerRow }) {
  if (broker.state === "running")
    return <span className="t2">Running{broker.controller && ", controller"}</span>;
  const crashed = broker.state !== "stopped";
  return (
    <span className={`st ${crashed ? "bad" : "warn"}`}>
      <Glyph icon={crashed ? IconBad : IconWarn} small />
      {broker.state.slice(0, 1).toUpperCase() + broker.state.slice(1)}
    </span>
  );
}
