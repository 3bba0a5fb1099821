import { useEffect, useMemo, useRef } from "react";
import { Button, IconButton } from "../../../components/Button";
import { copyAndSay } from "../../../components/CopyButton";
import { useZone } from "../../../components/clock";
import { DataGrid } from "../../../components/grid/DataGrid";
import { IconClose, IconCopy, IconFilter, IconProduce } from "../../../components/icons";
import { useNavigation } from "../../../components/navigation";
import { usePageActions } from "../../../components/pageActions";
import { SidePane } from "../../../components/SidePane";
import { Empty, Waiting } from "../../../components/states";
import { useStatusLine } from "../../../components/statusLine";
import { ProducePanel } from "../../../features/ProducePanel";
import { fillDraft } from "../../../features/produceDraft";
import { RecordInspector } from "../../../features/RecordInspector";
import { didTry } from "../../../features/tryNext";
import type { ClusterId, ClusterSummary, RecordRow, RecordTemplate, ScanState } from "../../../ipc/bindings";
import { call } from "../../../ipc/call";
import { writeRefusal } from "../../../ipc/cluster";
import { usePrefs } from "../../../ipc/prefs";
import { ErrorView } from "../../../ipc/remedies";
import { hrefs } from "../../../lib/hrefs";
import { exactDigits, exactNumber, shortNumber } from "../../../lib/numbers";
import type { Search } from "../../../lib/search";
import { recordColumns } from "./columns";
import {
  besides,
  type Picked,
  placeText,
  type RecordPlace,
  readPlace,
  usePickedRecord,
} from "./pickedRecord";
import { ScanToolbar } from "./ScanToolbar";
import { readParams } from "./scanParams";
import { useScan } from "./scans";
import { VerdictLine } from "./VerdictLine";

export interface MessagesPartProps {
  clusterId: ClusterId;
  cluster: ClusterSummary | undefined;
  topic: string;
  partitions: number;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>, options?: { replace?: boolean }) => void;
  producing: boolean;
}

export function MessagesPart(props: MessagesPartProps) {
  const { clusterId, cluster, topic, search, onSearch, producing } = props;
  const zone = useZone();
  const navigation = useNavigation();
  const [prefs, setPrefs] = usePrefs();
  const params = readParams(search);
  const newestFirst = search.order ? search.order === "newest" : params.from.kind === "newest";
  const scan = useScan(clusterId, topic, params, newestFirst);
  const columns = useMemo(() => recordColumns(zone), [zone]);
  const find = useRef<HTMLInputElement>(null);
  const { scanId, state } = scan;
  const picked = usePickedRecord(clusterId, topic, scanId, state, search.record);
  const record = picked.record;
  const inList = record !== undefined && record.scanId === scanId;
  const refusal = writeRefusal(cluster);

  const show = (place: RecordPlace | undefined) =>
    onSearch({ record: place && placeText(place), produce: undefined }, { replace: true });
  const select = (row: RecordRow | undefined) => {
    picked.pick(row && scanId ? { scanId, row } : undefined);
    show(row);
  };

  const step = async (by: 1 | -1) => {
    if (!record) return;
    if (!inList) {
      // A record that is shown by itself has its neighbours in its partition only.
      const place = besides(record.row, by);
      if (place) show(place);
      return;
    }
    const around = await scan.source.window({ kind: "row", id: record.row.rowId }, 1, 1);
    const at = around.rows.findIndex((row) => row.rowId === record.row.rowId);
    const next = around.rows[at + by];
    if (next) select(next);
  };
  const resend = (template: RecordTemplate) => {
    fillDraft(clusterId, topic, template);
    onSearch({ produce: "1", record: undefined });
  };
  const watching = state?.state === "live" && state.count > 0;
  useEffect(() => {
    if (watching) didTry("watch");
  }, [watching]);
  const act = (op: "scan.pause" | "scan.resume" | "scan.stop") => () => {
    if (scanId) void call(op, { scanId });
  };
  const readOn = () => {
    if (scanId) void call("scan.readOn", { scanId });
  };
  const follow = () => onSearch({ from: undefined, live: undefined, order: undefined, record: undefined });
  const stopName = `Stop reading ${topic}`;
  useStatusLine(statusOf(state, topic, stopName, act("scan.stop")));
  usePageActions([
    {
      id: "scan.find",
      label: "Filter records by text",
      icon: IconFilter,
      shortcut: "/",
      run: () => find.current?.focus(),
    },
    {
      id: "scan.live",
      label: params.live ? "Turn live off" : "Turn live on",
      shortcut: "L",
      run: () => onSearch({ live: params.live ? "0" : undefined }),
    },
    { id: "scan.again", label: "Read the records again", shortcut: "R", run: scan.again },
    {
      id: "scan.beginning",
      label: "Read from the beginning",
      run: () => onSearch({ from: "beginning", record: undefined }),
    },
    ...(state?.state === "full" ? [{ id: "scan.on", label: "Read on past the limit", run: readOn }] : []),
    {
      id: "scan.newest",
      label: "Read the newest records",
      run: () => onSearch({ from: undefined, record: undefined }),
    },
  ]);

  const asked = !producing && search.record !== undefined;
  return (
    <>
      <ScanToolbar
        search={search}
        partitions={props.partitions}
        state={state}
        live={params.live}
        onSearch={onSearch}
        onAgain={scan.again}
        onPause={act("scan.pause")}
        onResume={act("scan.resume")}
        onStop={act("scan.stop")}
        findRef={find}
      />
      {state && <VerdictLine state={state} cluster={cluster} onReadOn={readOn} onFollow={follow} />}
      <div className="split">
        <div className="pane grow">
          {scan.error && <ErrorView error={scan.error} onRetry={scan.again} />}
          {!state && !scan.error && <Waiting words={`Opening ${topic}`} />}
          {state && (
            <DataGrid
              name="Records"
              source={scan.source}
              columns={columns}
              sort={{ column: "time", descending: newestFirst }}
              onSort={(sort) => onSearch({ order: sort.descending ? "newest" : "oldest" })}
              selected={inList ? record.row.rowId : undefined}
              onSelect={select}
              menu={(row) => [
                {
                  label: "Copy offset",
                  icon: IconCopy,
                  run: () => void copyAndSay(`${row.partition}/${row.offset}`, "Offset"),
                },
                {
                  label: "Copy key",
                  disabledReason: row.key.kind === "text" ? undefined : "not text",
                  run: () => row.key.kind === "text" && void copyAndSay(row.key.text, "Key"),
                },
                {
                  label: "Filter by this key",
                  icon: IconFilter,
                  disabledReason: row.key.kind === "text" ? undefined : "not text",
                  run: () => row.key.kind === "text" && onSearch({ q: row.key.text }),
                },
                "line",
                {
                  label: "Open in a tab",
                  run: () =>
                    navigation.openTab(
                      hrefs.topic(clusterId, topic, "messages", `?record=${placeText(row)}`),
                    ),
                },
              ]}
              empty={
                <WhyEmpty
                  state={state}
                  topic={topic}
                  contains={params.contains}
                  onClear={() => onSearch({ q: undefined })}
                  refusal={refusal}
                  onProduce={() => onSearch({ produce: "1" })}
                />
              }
            />
          )}
        </div>
        {asked && (record || picked.missing || picked.error) && (
          <SidePane
            name="Record"
            width={prefs.inspectorWidth}
            onWidth={(inspectorWidth) => setPrefs({ inspectorWidth })}
            onClose={() => select(undefined)}
          >
            {record ? (
              <RecordInspector
                scanId={record.scanId}
                row={record.row}
                topic={topic}
                bootstrap={cluster?.bootstrap ?? ""}
                note={inList ? undefined : "not among the rows beside it"}
                refusal={refusal}
                onStep={(by) => void step(by)}
                onResend={resend}
                onClose={() => select(undefined)}
              />
            ) : (
              <NoSuchRecord picked={picked} place={search.record ?? ""} onShow={show} />
            )}
          </SidePane>
        )}
        {producing && (
          <SidePane
            name="Produce record"
            width={prefs.inspectorWidth}
            onWidth={(inspectorWidth) => setPrefs({ inspectorWidth })}
            onClose={() => onSearch({ produce: undefined })}
          >
            <ProducePanel
              cluster={cluster}
              topic={topic}
              partitions={props.partitions}
              onClose={() => onSearch({ produce: undefined })}
            />
          </SidePane>
        )}
      </div>
    </>
  );
}

function NoSuchRecord(props: {
  picked: Picked;
  place: string;
  onShow: (place: RecordPlace | undefined) => void;
}) {
  const { picked, onShow } = props;
  const place = readPlace(props.place);
  const next = picked.missing?.next;
  return (
    <>
      <div className="sec tall">
        <span className="mono b selectable">
          {place ? `${place.partition} / ${exactDigits(place.offset)}` : props.place}
        </span>
        <span className="right">
          <IconButton
            icon={IconClose}
            name="Close record"
            shortcut="Escape"
            onClick={() => onShow(undefined)}
          />
        </span>
      </div>
      {picked.error ? (
        <ErrorView error={picked.error} />
      ) : (
        <Empty
          title="There is no record at this offset"
          action={
            next && (
              <Button onClick={() => onShow(next)}>
                Open {next.partition} / {exactDigits(next.offset)}
              </Button>
            )
          }
        >
          {next
            ? "Retention or compaction removed it, or a transaction marker stands there. The next record comes later."
            : "The partition ends before it."}
        </Empty>
      )}
    </>
  );
}

function statusOf(state: ScanState | undefined, topic: string, name: string, run: () => void) {
  if (state?.state === "running") {
    const share = state.total ? `, ${Math.round((100 * state.scanned) / state.total)} %` : "";
    return {
      words: `Reading ${topic}${share}, ${shortNumber(state.scanned)} records`,
      running: true,
      stop: { name, run },
    };
  }
  if (state?.state === "stopped") return { words: state.verdict, tone: "warn" as const };
  return undefined;
}

function WhyEmpty(props: {
  state: ScanState;
  topic: string;
  contains: string | undefined;
  refusal: string | undefined;
  onClear: () => void;
  onProduce: () => void;
}) {
  const { state, topic, contains } = props;
  // Rows that were found are still on their way here.
  if (state.state === "running" || state.count > 0) return <Waiting words={`Reading ${topic}`} />;
  // A reading that was held or broke off cannot say that there are none.
  const unread = state.state === "paused" || state.state === "stopped" || state.state === "failed";
  if (contains) {
    return (
      <Empty
        title={`0 of ${exactNumber(state.scanned)} scanned records contain “${contains}”`}
        action={<Button onClick={props.onClear}>Clear the filter</Button>}
      >
        The text is looked for in keys, values and headers, as written.
      </Empty>
    );
  }
  return (
    <Empty
      title={unread ? `No records of ${topic} were read` : `${topic} has no records here`}
      action={
        <Button icon={IconProduce} disabledReason={props.refusal} onClick={props.onProduce}>
          Produce one
        </Button>
      }
    >
      {state.verdict}
    </Empty>
  );
}
