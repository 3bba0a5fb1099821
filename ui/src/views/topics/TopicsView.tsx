import { useMemo, useRef, useState } from "react";
import { ColumnChooser } from "../../components/ColumnChooser";
import { FindInput, Segmented } from "../../components/fields";
import { readSort, sorted, writeSort } from "../../components/grid/columns";
import { IconAdd, IconTick, IconTree } from "../../components/icons";
import { Page } from "../../components/layout";
import { useNavigation } from "../../components/navigation";
import { type Action, usePageActions } from "../../components/pageActions";
import { Waiting } from "../../components/states";
import { PlanReview } from "../../features/PlanReview";
import { SavedViews } from "../../features/SavedViews";
import type { Change, ClusterId, TopicRow } from "../../ipc/bindings";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { type Pin, togglePin, usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import { SeenLines } from "../../ipc/SeenLines";
import { hrefs } from "../../lib/hrefs";
import { counted, exactNumber } from "../../lib/numbers";
import type { Search } from "../../lib/search";
import { CreateTopicDialog } from "./CreateTopicDialog";
import { HIDDEN_AT_FIRST, OPTIONAL_COLUMNS, topicColumns } from "./columns";
import { foldAll, readFolds } from "./folds";
import { NoTopics } from "./NoTopics";
import { SelectionBar } from "./SelectionBar";
import { type Doing, TopicDialogs } from "./TopicDialogs";
import { TopicGrid } from "./TopicGrid";
import { TopicsHead } from "./TopicsHead";
import { TreeMenu } from "./TreeMenu";
import { topicMenu } from "./topicMenu";
import { flatLines, readSplit, SPLITS, type Split, treeLines } from "./tree";
import { useClone } from "./useClone";

type Show = "all" | "pinned" | "trouble" | "internal";

const NO_PINS: readonly Pin[] = [];
const NONE: ReadonlySet<string> = new Set();
const key = (topic: TopicRow) => topic.name;

export interface TopicsViewProps {
  clusterId: ClusterId;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function TopicsView({ clusterId, search, onSearch }: TopicsViewProps) {
  const navigation = useNavigation();
  const cluster = useCluster(clusterId);
  const topics = useFeed("topics", { clusterId });
  const [prefs, setPrefs] = usePrefs();
  const pins = prefs.pins[clusterId] ?? NO_PINS;
  const pinned = useMemo(
    () => new Set(pins.filter((pin) => pin.kind === "topic").map((pin) => pin.name)),
    [pins],
  );
  const hidden = prefs.hidden.topics ?? HIDDEN_AT_FIRST;
  const columns = useMemo(
    () => topicColumns(clusterId, pinned).filter((column) => !hidden.includes(column.id)),
    [clusterId, pinned, hidden],
  );
  const clone = useClone(clusterId, search.clone);
  const [opened, setDoing] = useState<Doing>();
  const doing: Doing | undefined = search.create
    ? { kind: "create", byTemplate: search.create === "template" }
    : opened;
  const create = () => setDoing({ kind: "create" });
  const close = () => {
    setDoing(undefined);
    onSearch({ create: undefined, clone: undefined });
  };
  const [marked, setMarked] = useState<ReadonlySet<string>>(NONE);
  const [change, setChange] = useState<Change>();
  const applied = (done: Change) => {
    // What was done to all of them is done; another change begins with another selection.
    if (done.kind === "several") setMarked(NONE);
    topics.retry();
  };
  const find = useRef<HTMLInputElement>(null);

  const all = topics.value?.value ?? [];
  const text = search.q ?? "";
  const show = (search.show as Show | undefined) ?? "all";
  const sort = useMemo(() => readSort(search.sort, { column: "name", descending: false }), [search.sort]);
  const rows = useMemo(() => {
    const sought = text.toLowerCase();
    const wanted = all.filter((topic) => matches(topic, sought, show, pinned));
    return sorted(wanted, columns, sort);
  }, [all, text, show, columns, sort, pinned]);
  const split = readSplit(search.tree);
  const folds = readFolds(search, text !== "" || show === "pinned" || show === "trouble");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the folds are read from the address.
  const lines = useMemo(() => {
    if (split === "none") return flatLines(rows);
    const order = columns.find((column) => column.id === sort.column)?.order;
    const turned = order && sort.descending ? (a: TopicRow, b: TopicRow) => order(b, a) : order;
    return treeLines(rows, { split, isOpen: folds.isOpen, order: turned });
  }, [rows, split, search.open, search.shut, columns, sort]);
  // A topic that has gone is no longer selected.
  const selected = useMemo(
    () =>
      marked.size === 0
        ? []
        : all
            .map(key)
            .filter((name) => marked.has(name))
            .sort(),
    [all, marked],
  );
  const refusal = writeRefusal(cluster);
  const troubled = all.filter((topic) => topic.underReplicated + topic.offline > 0).length;
  const own = all.filter((topic) => !topic.internal);
  const internal = all.length - own.length;

  usePageActions([
    ...createActions(refusal, setDoing),
    { id: "topics.find", label: "Find a topic in the list", shortcut: "/", run: () => find.current?.focus() },
    {
      id: "topics.select",
      label: `Select the ${counted(rows.length, "topic")} shown`,
      icon: IconTick,
      shortcut: "Mod+A",
      disabledReason: rows.length === 0 ? "No topic is shown" : undefined,
      run: () => setMarked(new Set([...marked, ...rows.map(key)])),
    },
    ...treeActions(split, onSearch),
  ]);

  const open = (topic: TopicRow, newTab: boolean) => {
    const href = hrefs.topic(clusterId, topic.name);
    if (newTab) navigation.openTab(href);
    else navigation.go(href);
  };

  return (
    <Page old={topics.old !== undefined}>
      <TopicsHead topics={topics.value?.value} refusal={refusal} onCreate={create} />
      <div className="bar line">
        <FindInput
          ref={find}
          name="Find topics"
          size="w-find"
          placeholder={topics.value ? `Find in ${counted(own.length, "topic")}` : "Find"}
          value={text}
          onChange={(q) => onSearch({ q, shut: undefined })}
        />
        <Segmented<Show>
          name="Show"
          value={show}
          options={[
            { value: "all", label: `Topics ${topics.value ? own.length : ""}` },
            { value: "pinned", label: `Pinned ${pinned.size}` },
            { value: "trouble", label: `Trouble ${topics.value ? troubled : ""}` },
            { value: "internal", label: `Internal ${topics.value ? internal : ""}` },
          ]}
          onChange={(next) => onSearch({ show: next === "all" ? undefined : next })}
        />
        <span className="right t3">
          {rows.length !== own.length && `${exactNumber(rows.length)} shown`}
          <TreeMenu
            split={split}
            onSplit={(next) => onSearch({ tree: next === "none" ? undefined : next, ...foldAll(false) })}
            onFoldAll={(opened) => onSearch(foldAll(opened))}
          />
          <SavedViews clusterId={clusterId} list="topics" />
          <ColumnChooser
            columns={OPTIONAL_COLUMNS}
            hidden={hidden}
            onHidden={(topics) => setPrefs({ hidden: { ...prefs.hidden, topics } })}
          />
        </span>
      </div>
      <SeenLines of={topics} />
      {!topics.value && !topics.error && <Waiting words="Reading topics" />}
      {topics.value && (
        <TopicGrid
          lines={lines}
          tree={split !== "none"}
          columns={columns}
          sort={sort}
          marked={marked}
          onSort={(next) => onSearch({ sort: writeSort(next) })}
          onMarks={setMarked}
          onOpen={open}
          onFold={(prefix, opened) => onSearch(folds.fold(prefix, opened))}
          onFind={(q) => onSearch({ q, shut: undefined })}
          menu={(topic) =>
            topicMenu(topic, {
              pinned: pinned.has(topic.name),
              refusal,
              open: (newTab) => open(topic, newTab),
              pin: () => togglePin(clusterId, { kind: "topic", name: topic.name }),
              clone: () => onSearch({ clone: topic.name }),
              onDoing: setDoing,
              onChange: setChange,
            })
          }
          empty={
            <NoTopics
              none={own.length === 0 && show === "all"}
              of={show === "all" ? own.length : all.length}
              text={text}
              refusal={refusal}
              onCreate={create}
              onShowAll={() => onSearch({ q: undefined, show: undefined })}
            />
          }
        />
      )}
      {selected.length > 0 && (
        <SelectionBar
          topics={selected}
          unseen={selected.length - rows.filter((topic) => marked.has(topic.name)).length}
          refusal={refusal}
          onDoing={setDoing}
          onChange={setChange}
          onSelect={(names) => setMarked(new Set(names))}
        />
      )}
      {clone.error && <ErrorView error={clone.error} onRetry={() => onSearch({ clone: undefined })} />}
      {clone.value && (
        <CreateTopicDialog
          key={clone.value.name}
          clusterId={clusterId}
          like={clone.value}
          brokers={cluster?.brokers ?? 1}
          onClose={close}
          onApplied={applied}
        />
      )}
      {doing && (
        <TopicDialogs
          clusterId={clusterId}
          brokers={cluster?.brokers ?? 1}
          doing={doing}
          onClose={close}
          onApplied={applied}
        />
      )}
      {change && (
        <PlanReview
          clusterId={clusterId}
          change={change}
          onClose={() => setChange(undefined)}
          onApplied={() => applied(change)}
        />
      )}
    </Page>
  );
}

function createActions(disabledReason: string | undefined, onDoing: (doing: Doing) => void): Action[] {
  const both = { icon: IconAdd, disabledReason };
  return [
    {
      ...both,
      id: "topic.create",
      label: "Create topic",
      shortcut: "N",
      run: () => onDoing({ kind: "create" }),
    },
    {
      ...both,
      id: "topic.template",
      label: "Create topic from a template…",
      run: () => onDoing({ kind: "create", byTemplate: true }),
    },
  ];
}

function treeActions(split: Split, onSearch: TopicsViewProps["onSearch"]): Action[] {
  const ways = SPLITS.filter(([id]) => id !== split).map(([id, label]) => ({
    id: `topics.tree ${id}`,
    label: `Show topics as: ${label.toLowerCase()}`,
    icon: IconTree,
    run: () => onSearch({ tree: id === "none" ? undefined : id, ...foldAll(false) }),
  }));
  if (split === "none") return ways;
  return [
    ...ways,
    { id: "topics.open", label: "Open all groups of topics", run: () => onSearch(foldAll(true)) },
    { id: "topics.close", label: "Close all groups of topics", run: () => onSearch(foldAll(false)) },
  ];
}

function matches(topic: TopicRow, text: string, show: Show, pinned: ReadonlySet<string>): boolean {
  if (show === "pinned" && !pinned.has(topic.name)) return false;
  // Trouble counts wherever it is; otherwise Kafka's own topics are a list of their own.
  if ((show === "all" || show === "internal") && topic.internal !== (show === "internal")) return false;
  if (show === "trouble" && topic.underReplicated + topic.offline === 0) return false;
  return topic.name.toLowerCase().includes(text);
}
