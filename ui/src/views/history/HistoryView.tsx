import { useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Moment } from "../../components/clock";
import { FindInput } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import type { Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import {
  IconBad,
  IconClose,
  IconDown,
  IconHistory,
  IconOk,
  IconSave,
  IconWarn,
} from "../../components/icons";
import { Head, Page, Section } from "../../components/layout";
import { MenuButton, type MenuEntry } from "../../components/Menu";
import { usePageActions } from "../../components/pageActions";
import { SidePane } from "../../components/SidePane";
import { Empty, Waiting } from "../../components/states";
import { SafeLine, SafeText } from "../../components/text";
import { PlanReview } from "../../features/PlanReview";
import type { ClusterId, JournalEntry, JournalId } from "../../ipc/bindings";
import { useCall } from "../../ipc/call";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { saveAndSay } from "../../ipc/files";
import { usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import { counted, exactNumber } from "../../lib/numbers";
import { safeWords } from "../../lib/safeText";
import type { Search } from "../../lib/search";
import { entryMatches, failedParts, journalCsv, journalJson } from "./journalText";

const EVERY_MS = 5000;
const key = (entry: JournalEntry) => entry.journalId;

const columns: Column<JournalEntry>[] = [
  {
    id: "at",
    head: "Time",
    width: "128px",
    narrow: "122px",
    look: "mono",
    cell: (entry) => <Moment at={entry.at} />,
  },
  {
    id: "title",
    head: "Change",
    width: "minmax(160px,1fr)",
    narrow: "minmax(90px,1fr)",
    cell: (entry) => (
      <span title={safeWords(entry.title)}>
        <SafeLine text={entry.title} />
      </span>
    ),
  },
  {
    id: "result",
    head: "Result",
    width: "150px",
    narrow: "100px",
    cell: (entry) => <Result entry={entry} />,
  },
  { id: "who", head: "Who", width: "104px", above: 860, cell: (entry) => <SafeLine text={entry.who} /> },
  {
    id: "command",
    head: "Command",
    width: "minmax(0,1.4fr)",
    look: "mono soft",
    above: 720,
    cell: (entry) => <SafeLine text={entry.command} />,
  },
];

export interface HistoryViewProps {
  clusterId: ClusterId;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function HistoryView({ clusterId, search, onSearch }: HistoryViewProps) {
  const cluster = useCluster(clusterId);
  const journal = useCall("journal.list", { clusterId }, { everyMs: EVERY_MS });
  const [undoing, setUndoing] = useState<JournalId>();
  const [prefs, setPrefs] = usePrefs();
  const find = useRef<HTMLInputElement>(null);
  const all = journal.value ?? [];
  const text = search.q ?? "";
  const entries = useMemo(() => all.filter((entry) => entryMatches(entry, text)), [all, text]);
  const entry = all.find((one) => one.journalId === search.entry);
  const source = useListSource(entries, key);
  const show = (id: JournalId | undefined) => onSearch({ entry: id });
  const save = (kind: "json" | "csv") => () =>
    void saveAndSay(
      `history-${fileWord(cluster?.name ?? clusterId)}.${kind}`,
      kind === "json" ? journalJson(entries) : journalCsv(entries),
    );
  const none = entries.length === 0 ? "nothing to save" : undefined;
  const exports: MenuEntry[] = [
    { label: `Save ${counted(entries.length, "change")} as JSON`, disabledReason: none, run: save("json") },
    { label: `Save ${counted(entries.length, "change")} as CSV`, disabledReason: none, run: save("csv") },
  ];
  const refusal = entry && undoRefusal(entry, writeRefusal(cluster));
  usePageActions([
    { id: "history.find", label: "Find a change", shortcut: "/", run: () => find.current?.focus() },
    { id: "history.json", label: "Save the history as JSON", disabledReason: none, run: save("json") },
    { id: "history.csv", label: "Save the history as CSV", disabledReason: none, run: save("csv") },
    ...(entry
      ? [
          {
            id: "history.undo",
            label: `Undo: ${entry.title}`,
            icon: IconHistory,
            shortcut: "U",
            disabledReason: refusal,
            run: () => setUndoing(entry.journalId),
          },
        ]
      : []),
  ]);
  return (
    <Page>
      <Head
        title="History"
        facts={
          journal.value && (
            <>
              <span>
                <b>{exactNumber(all.length)}</b> {all.length === 1 ? "change" : "changes"}
              </span>
              <span>kept on this machine</span>
            </>
          )
        }
      />
      <div className="bar line">
        <FindInput
          ref={find}
          name="Find a change"
          size="w-find"
          placeholder="Find in titles and commands"
          value={text}
          onChange={(q) => onSearch({ q })}
        />
        <span className="right">
          {entries.length !== all.length && <span className="t3">{exactNumber(entries.length)} shown</span>}
          <MenuButton entries={exports}>
            <button type="button" className="btn sm q">
              <Glyph icon={IconSave} small />
              Save as
              <Glyph icon={IconDown} small />
            </button>
          </MenuButton>
        </span>
      </div>
      <div className="split">
        <div className="pane grow">
          {journal.loading && <Waiting words="Reading the journal" />}
          {journal.error && <ErrorView error={journal.error} onRetry={journal.retry} />}
          {journal.value && (
            <DataGrid
              name="Changes"
              source={source}
              columns={columns}
              selected={entry?.journalId}
              onSelect={(row) => show(row?.journalId)}
              rowClass={(row) => (row.undoneBy ? "dim" : "")}
              empty={
                text === "" ? (
                  <Empty title="Nothing changed yet">
                    Every change made here is kept with its command, and with its undo where there is one.
                  </Empty>
                ) : (
                  <Empty
                    title={`0 of ${counted(all.length, "change")} match`}
                    action={<Button onClick={() => onSearch({ q: undefined })}>Show all changes</Button>}
                  />
                )
              }
            />
          )}
        </div>
        {entry && (
          <SidePane
            name="Change"
            width={prefs.inspectorWidth}
            onWidth={(inspectorWidth) => setPrefs({ inspectorWidth })}
            onClose={() => show(undefined)}
          >
            <Detail entry={entry} all={all} onShow={show} />
            <div className="foot">
              <Button
                small
                icon={IconHistory}
                disabledReason={refusal}
                onClick={() => setUndoing(entry.journalId)}
              >
                Undo…
              </Button>
              <span className="small t2 cut">{refusal}</span>
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

function undoRefusal(entry: JournalEntry, write: string | undefined): string | undefined {
  if (entry.undoneBy) return "It was undone";
  return entry.undoable ? write : "This cannot be undone";
}

/** A name that is good for a file anywhere. */
function fileWord(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 60) || "cluster";
}

/** What took this change back, or what it took back, as a link to that line. */
function Counterpart(props: {
  words: string;
  id: JournalId;
  all: readonly JournalEntry[];
  onShow: (id: JournalId) => void;
}) {
  const other = props.all.find((one) => one.journalId === props.id);
  return (
    <div className="pad-x row wrapping counterpart small t2">
      <Glyph icon={IconHistory} small />
      <span>{props.words}</span>
      {other ? (
        <>
          <Button kind="word" title={other.title} onClick={() => props.onShow(other.journalId)}>
            <span className="cut">
              <SafeLine text={other.title} />
            </span>
          </Button>
          <Moment at={other.at} className="t3" />
        </>
      ) : (
        <span className="t3">a line that is no longer listed</span>
      )}
    </div>
  );
}

function Detail(props: {
  entry: JournalEntry;
  all: readonly JournalEntry[];
  onShow: (id: JournalId | undefined) => void;
}) {
  const { entry, all, onShow } = props;
  return (
    <>
      <div className="sec tall">
        <h2 className="cut" title={safeWords(entry.title)}>
          <SafeLine text={entry.title} />
        </h2>
        <span className="right">
          <IconButton
            icon={IconClose}
            name="Close change"
            shortcut="Escape"
            onClick={() => onShow(undefined)}
          />
        </span>
      </div>
      <div className="pane scroll fill">
        {entry.undoneBy && <Counterpart words="Undone by" id={entry.undoneBy} all={all} onShow={onShow} />}
        {entry.who !== "" && (
          <p className="pad-x small t2">
            by <SafeLine text={entry.who} />, <Moment at={entry.at} />
          </p>
        )}
        {entry.undoes && <Counterpart words="Takes back" id={entry.undoes} all={all} onShow={onShow} />}
        <Section title="Changes" note={entry.changes.length} />
        <ul className="pad-x stack">
          {entry.changes.map((change) => (
            <li key={`${change.resource}${change.effect}`} className="small stack-1 selectable">
              <span className="row">
                <span className="mono-data b">
                  <SafeLine text={change.resource} />
                </span>
                {change.before && (
                  <s className="mono-data t3">
                    <SafeLine text={change.before} />
                  </s>
                )}
                {change.after && (
                  <span className="mono-data">
                    <SafeLine text={change.after} />
                  </span>
                )}
              </span>
              <span className="t2">
                <SafeLine text={change.effect} />
              </span>
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
            <pre className="code data breaks">
              <SafeText text={entry.command} />
            </pre>
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
  const failed = failedParts(entry);
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
