import { useMemo, useRef } from "react";
import { Button } from "../../components/Button";
import { copyAndSay } from "../../components/CopyButton";
import { Moment } from "../../components/clock";
import { FindInput, Segmented, Select } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import type { Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconBad, IconCopy, IconInfo, IconSave, IconWarn } from "../../components/icons";
import { usePageActions } from "../../components/pageActions";
import { Empty, Waiting } from "../../components/states";
import { SafeLine } from "../../components/text";
import type { LocalLogLine } from "../../ipc/bindings";
import { useFeed } from "../../ipc/feed";
import { saveAndSay } from "../../ipc/files";
import { ErrorView } from "../../ipc/remedies";
import { counted } from "../../lib/numbers";
import type { Search } from "../../lib/search";

type Level = "info" | "warn" | "error";
const RANK: Record<Level, number> = { info: 0, warn: 1, error: 2 };
const LOOK = {
  info: [IconInfo, "t3"],
  warn: [IconWarn, "warn"],
  error: [IconBad, "bad"],
} as const;

const key = (line: LocalLogLine) => String(line.number);

const columns: Column<LocalLogLine>[] = [
  {
    id: "level",
    head: "Level",
    width: "72px",
    cell: (line) => {
      const [icon, tone] = LOOK[line.level];
      return (
        <span className={`st ${tone}`}>
          <Glyph icon={icon} small /> {line.level}
        </span>
      );
    },
  },
  { id: "at", head: "Time", width: "104px", look: "mono", cell: (line) => <Moment at={line.at} /> },
  {
    id: "broker",
    head: "Broker",
    width: "56px",
    look: "num",
    cell: (line) => line.broker ?? <span className="t3">—</span>,
  },
  {
    id: "text",
    head: "What happened",
    width: "minmax(0,1fr)",
    look: "mono after",
    cell: (line) => <SafeLine text={line.text} />,
  },
];

/** Who can be chosen: brokers that have spoken, the cluster as a whole, and whoever is chosen now. */
function speakersOf(lines: readonly LocalLogLine[], chosen: string | undefined) {
  const found = new Set(lines.map((line) => String(line.broker ?? "none")));
  if (chosen) found.add(chosen);
  const brokers = [...found].filter((id) => id !== "none").sort((a, b) => Number(a) - Number(b));
  return [
    { value: "", label: "All brokers" },
    ...brokers.map((id) => ({ value: id, label: `Broker ${id}` })),
    ...(found.has("none") ? [{ value: "none", label: "No broker" }] : []),
  ];
}

export interface LogPartProps {
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

/** What the brokers say, newest on top, as they say it. */
export function LogPart({ search, onSearch }: LogPartProps) {
  const feed = useFeed("local.log", {});
  const find = useRef<HTMLInputElement>(null);
  const text = search.q ?? "";
  const level: Level = search.level === "warn" || search.level === "error" ? search.level : "info";
  const all = feed.value ?? [];
  const broker = search.broker;
  const speakers = useMemo(() => speakersOf(all, broker), [all, broker]);
  const lines = useMemo(
    () =>
      all
        .filter((line) => {
          const words = `broker ${line.broker ?? ""} ${line.text}`.toLowerCase();
          const spoke = broker === undefined || String(line.broker ?? "none") === broker;
          return spoke && RANK[line.level] >= RANK[level] && words.includes(text.toLowerCase());
        })
        .reverse(),
    [all, broker, level, text],
  );
  const source = useListSource(lines, key);
  const whole = lines
    .map((line) => `${new Date(line.at).toISOString()} ${line.level} ${line.broker ?? "-"} ${line.text}`)
    .join("\n");
  usePageActions([
    { id: "log.find", label: "Find in the log", shortcut: "/", run: () => find.current?.focus() },
  ]);
  return (
    <>
      <div className="bar">
        <FindInput
          ref={find}
          name="Find in the log"
          size="w-find"
          placeholder="Find in the log"
          value={text}
          onChange={(q) => onSearch({ q })}
        />
        <Segmented<Level>
          name="Level"
          value={level}
          options={[
            { value: "info", label: "All" },
            { value: "warn", label: "Warnings" },
            { value: "error", label: "Errors" },
          ]}
          onChange={(next) => onSearch({ level: next === "info" ? undefined : next })}
        />
        <Select
          name="Broker"
          value={broker ?? ""}
          options={speakers}
          onChange={(next) => onSearch({ broker: next === "" ? undefined : next })}
        />
        <span className="right t3">
          {counted(lines.length, "line")} of this run
          <Button
            small
            kind="quiet"
            icon={IconSave}
            disabledReason={lines.length === 0 ? "nothing to save" : undefined}
            onClick={() => void saveAndSay("local-cluster.log.txt", `${whole}\n`)}
          >
            Save
          </Button>
        </span>
      </div>
      {feed.error && <ErrorView error={feed.error} onRetry={feed.retry} />}
      {!feed.value && !feed.error && <Waiting words="Reading the log" />}
      {feed.value && (
        <DataGrid
          name="Log"
          source={source}
          columns={columns}
          hold
          menu={(line) => [
            { label: "Copy line", icon: IconCopy, run: () => void copyAndSay(line.text, "Line") },
          ]}
          empty={
            <Empty
              title={all.length === 0 ? "Nothing was said yet" : `0 of ${counted(all.length, "line")} match`}
            >
              {all.length === 0 && "The log begins with the program; healthy brokers say little."}
            </Empty>
          }
        />
      )}
    </>
  );
}
