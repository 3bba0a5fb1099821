import { useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Moment } from "../../components/clock";
import { Glyph } from "../../components/Glyph";
import type { Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconBad, IconClose, IconHistory, IconOk, IconWarn } from "../../components/icons";
import { Head, Page, Section } from "../../components/layout";
import { SidePane } from "../../components/SidePane";
import { Empty, Waiting } from "../../components/states";
import { PlanReview } from "../../features/PlanReview";
import type { ClusterId, JournalEntry, JournalId } from "../../ipc/bindings";
import { useCall } from "../../ipc/call";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import { counted } from "../../lib/numbers";

const EVERY_MS = 5000;
const key = (entry: JournalEntry) => entry.journalId;

const columns: Column<JournalEntry>[] = [
  {
    id: "at",
    head: "Time",
    width: "128px",
    narrow: "100px",
    look: "mono",
    cell: (entry) => <Moment at={entry.at} />,
  },
  {
    id: "title",
    head: "Change",
    width: "minmax(160px,1fr)",
    narrow: "minmax(90px,1fr)",
    cell: (entry) => entry.title,
  },
  {
    id: "result",
    head: "Result",
    width: "150px",
    narrow: "100px",
    cell: (entry) => <Result entry={entry} />,
  },
  {
    id: "command",
    head: "Command",
    width: "minmax(0,1.4fr)",
    look: "mono soft",
    above: 720,
    cell: (entry) => entry.command,
  },
];

export function HistoryView({ clusterId }: { clusterId: ClusterId }) {
  const cluster = useCluster(clusterId);
  const journal = useCall("journal.list", { clusterId }, { everyMs: EVERY_MS });
  const [picked, setPicked] = useState<string>();
  const [undoing, setUndoing] = useState<JournalId>();
  const [prefs, setPrefs] = usePrefs();
  const entries = journal.value ?? [];
  const entry = entries.find((one) => one.journalId === picked);
  const source = useListSource(entries, key);
  return (
    <Page>
      <Head
        title="History"
        facts={
          journal.value && (
            <>
              <span>
                <b>{entries.length}</b> {entries.length === 1 ? "change" : "changes"}
              </span>
              <span>kept on this machine</span>
            </>
          )
        }
      />
      <div className="split line">
        <div className="pane grow">
          {journal.loading && <Waiting words="Reading the journal" />}
          {journal.error && <ErrorView error={journal.error} onRetry={journal.retry} />}
          {journal.value && (
            <DataGrid
              name="Changes"
              source={source}
              columns={columns}
              selected={picked}
              onSelect={(row) => setPicked(row?.journalId)}
              rowClass={(row) => (row.undoneBy ? "dim" : "")}
              empty={
                <Empty title="Nothing changed yet">
                  Every change made here is kept with its command, and with its undo where there is one.
                </Empty>
              }
            />
          )}
        </div>
        {entry && (
          <SidePane
            name="Change"
            width={prefs.inspectorWidth}
            onWidth={(inspectorWidth) => setPrefs({ inspectorWidth })}
            onClose={() => setPicked(undefined)}
          >
            <Detail entry={entry} onClose={() => setPicked(undefined)} />
            <div className="foot">
              <Button
                small
                icon={IconHistory}
                disabledReason={
                  entry.undoneBy
                    ? "Already undone"
                    : entry.undoable
                      ? writeRefusal(cluster)
                      : "This cannot be undone"
                }
                onClick={() => setUndoing(entry.journalId)}
              >
                Undo…
              </Button>
              <span className="small t2">
                {entry.undoneBy ? "Already undone" : !entry.undoable && "This cannot be undone"}
              </span>
            </div>
          </SidePane>
        )}
      </div>
      {undoing && (
        <PlanReview
          clusterId={clusterId}
          change={{ kind: "undo", journalId: undoing }}
          onClose={() => setUndoing(undefined)}
          onApplied={journal.retry}
        />
      )}
    </Page>
  );
}

function Detail({ entry, onClose }: { entry: JournalEntry; onClose: () => void }) {
  return (
    <>
      <div className="sec tall">
        <h2 className="cut">{entry.title}</h2>
        <span className="right">
          <IconButton icon={IconClose} name="Close change" shortcut="Escape" onClick={onClose} />
        </span>
      </div>
      <div className="pane scroll fill">
        <Section title="Changes" note={entry.changes.length} />
        <ul className="pad-x stack">
          {entry.changes.map((change) => (
            <li key={`${change.resource}${change.effect}`} className="small stack-1 selectable">
              <span className="row">
                <span className="mono-data b">{change.resource}</span>
                {change.before && <s className="mono-data t3">{change.before}</s>}
                {change.after && <span className="mono-data">{change.after}</span>}
              </span>
              <span className="t2">{change.effect}</span>
            </li>
          ))}
        </ul>
        {entry.outcomes
          .filter((outcome) => outcome.error)
          .map((outcome) => outcome.error && <ErrorView key={outcome.resource} error={outcome.error} />)}
        {entry.command ? (
          <>
            <Section title="Command">
              <CopyButton text={entry.command} what="Command" words="Copy" />
            </Section>
            <pre className="code data breaks">{entry.command}</pre>
          </>
        ) : (
          <Section title="Command" note="none: the local cluster runs inside this app" />
        )}
      </div>
    </>
  );
}

function Result({ entry }: { entry: JournalEntry }) {
  if (entry.undoneBy) {
    return (
      <span className="st t3">
        <Glyph icon={IconHistory} small /> Undone
      </span>
    );
  }
  const failed = entry.outcomes.filter((outcome) => outcome.state === "failed").length;
  if (failed === 0) {
    return (
      <span className="st t2">
        <Glyph icon={IconOk} small /> Done
      </span>
    );
  }
  const all = failed === entry.outcomes.length;
  return (
    <span className={`st ${all ? "bad" : "warn"}`}>
      <Glyph icon={all ? IconBad : IconWarn} small /> {all ? "Failed" : `${counted(failed, "part")} failed`}
    </span>
  );
}
