import { useMemo, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { ColumnChooser } from "../../components/ColumnChooser";
import { copyAndSay } from "../../components/CopyButton";
import { cellValue } from "../../components/cells";
import { FindInput, Segmented } from "../../components/fields";
import { readSort, sorted, writeSort } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import {
  IconAdd,
  IconClone,
  IconCopy,
  IconDelete,
  IconErase,
  IconPin,
  IconTopic,
} from "../../components/icons";
import { Head, Page } from "../../components/layout";
import { useNavigation } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { Empty, MissingLine, Waiting } from "../../components/states";
import { AddPartitionsDialog } from "../../features/AddPartitionsDialog";
import { EmptyTopicDialog } from "../../features/EmptyTopicDialog";
import { PlanReview } from "../../features/PlanReview";
import { SavedViews } from "../../features/SavedViews";
import type { Change, ClusterId, TopicRow } from "../../ipc/bindings";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { type Pin, togglePin, usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import { hrefs } from "../../lib/hrefs";
import { counted, exactNumber, rate } from "../../lib/numbers";
import type { Search } from "../../lib/search";
import { CreateTopicDialog } from "./CreateTopicDialog";
import { HIDDEN_AT_FIRST, OPTIONAL_COLUMNS, topicColumns } from "./columns";
import { useClone } from "./useClone";

type Show = "all" | "pinned" | "trouble" | "internal";

const NO_PINS: readonly Pin[] = [];
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
  const [emptying, setEmptying] = useState<TopicRow>();
  const [creating, setCreating] = useState(false);
  const [adding, setAdding] = useState<TopicRow>();
  const [change, setChange] = useState<Change>();
  const find = useRef<HTMLInputElement>(null);

  const all = topics.value?.value ?? [];
  const text = search.q ?? "";
  const show = (search.show as Show | undefined) ?? "all";
  const sort = useMemo(() => readSort(search.sort, { column: "name", descending: false }), [search.sort]);
  const rows = useMemo(() => {
    const wanted = all.filter((topic) => matches(topic, text.toLowerCase(), show, pinned));
    return sorted(wanted, columns, sort);
  }, [all, text, show, columns, sort, pinned]);
  const source = useListSource(rows, key);
  const refusal = writeRefusal(cluster);
  const troubled = all.filter((topic) => topic.underReplicated + topic.offline > 0).length;
  const own = all.filter((topic) => !topic.internal);
  const internal = all.length - own.length;

  usePageActions([
    {
      id: "topic.create",
      label: "Create topic",
      icon: IconAdd,
      shortcut: "N",
      disabledReason: refusal,
      run: () => setCreating(true),
    },
    { id: "topics.find", label: "Find a topic in the list", shortcut: "/", run: () => find.current?.focus() },
  ]);

  const open = (topic: TopicRow, newTab: boolean) => {
    const href = hrefs.topic(clusterId, topic.name);
    if (newTab) navigation.openTab(href);
    else navigation.go(href);
  };
  const totalRate = own.reduce((sum, topic) => sum + (cellValue(topic.ratePerSec) ?? 0), 0);

  return (
    <Page>
      <Head
        title="Topics"
        facts={
          topics.value && (
            <>
              <span>
                <b>{exactNumber(own.length)}</b> {own.length === 1 ? "topic" : "topics"}
              </span>
              <span>
                <b>{exactNumber(own.reduce((sum, topic) => sum + topic.partitions, 0))}</b> partitions
              </span>
              <span>
                <span>
                  <b>{rate(totalRate)}</b>/s in
                </span>
              </span>
              {internal > 0 && <span>{internal} internal left out</span>}
              {refusal && <span>{refusal}</span>}
            </>
          )
        }
        actions={
          <Button kind="primary" icon={IconAdd} disabledReason={refusal} onClick={() => setCreating(true)}>
            Create topic
          </Button>
        }
      />
      <div className="bar line">
        <FindInput
          ref={find}
          name="Find topics"
          size="w-find"
          placeholder={topics.value ? `Find in ${counted(own.length, "topic")}` : "Find"}
          value={text}
          onChange={(q) => onSearch({ q })}
        />
        <Segmented<Show>
          name="Show"
          value={show}
          options={[
            { value: "all", label: `Topics ${own.length}` },
            { value: "pinned", label: `Pinned ${pinned.size}` },
            { value: "trouble", label: `Trouble ${troubled}` },
            { value: "internal", label: `Internal ${internal}` },
          ]}
          onChange={(next) => onSearch({ show: next === "all" ? undefined : next })}
        />
        <span className="right t3">
          {rows.length !== own.length && `${exactNumber(rows.length)} shown`}
          <SavedViews clusterId={clusterId} list="topics" />
          <ColumnChooser
            columns={OPTIONAL_COLUMNS}
            hidden={hidden}
            onHidden={(topics) => setPrefs({ hidden: { ...prefs.hidden, topics } })}
          />
        </span>
      </div>
      {topics.value && <MissingLine missing={topics.value.missing} />}
      {topics.error && <ErrorView error={topics.error} onRetry={topics.retry} />}
      {!topics.value && !topics.error && <Waiting words="Reading topics" />}
      {topics.value && (
        <DataGrid
          name="Topics"
          source={source}
          columns={columns}
          sort={sort}
          onSort={(next) => onSearch({ sort: writeSort(next) })}
          openOnClick
          onOpen={open}
          rowClass={(topic) => (topic.internal ? "dim" : "")}
          menu={(topic) => [
            { label: "Open", icon: IconTopic, run: () => open(topic, false) },
            { label: "Open in a tab", run: () => open(topic, true) },
            { label: "Copy name", icon: IconCopy, run: () => void copyAndSay(topic.name, "Name") },
            {
              label: pinned.has(topic.name) ? "Unpin" : "Pin",
              icon: IconPin,
              run: () => togglePin(clusterId, { kind: "topic", name: topic.name }),
            },
            "line",
            {
              label: "Clone…",
              icon: IconClone,
              disabledReason: refusal,
              run: () => onSearch({ clone: topic.name }),
            },
            { label: "Add partitions…", icon: IconAdd, disabledReason: refusal, run: () => setAdding(topic) },
            {
              label: "Empty topic…",
              icon: IconErase,
              danger: true,
              disabledReason: refusal,
              run: () => setEmptying(topic),
            },
            {
              label: "Delete topic…",
              icon: IconDelete,
              danger: true,
              disabledReason: refusal,
              run: () => setChange({ kind: "deleteTopic", name: topic.name }),
            },
          ]}
          empty={
            own.length === 0 && show === "all" ? (
              <Empty
                title="No topics yet"
                action={
                  <Button icon={IconAdd} disabledReason={refusal} onClick={() => setCreating(true)}>
                    Create the first topic
                  </Button>
                }
              >
                A topic appears here as soon as something creates it.
              </Empty>
            ) : (
              <Empty
                title={`0 of ${counted(show === "all" ? own.length : all.length, "topic")} match`}
                action={
                  <Button onClick={() => onSearch({ q: undefined, show: undefined })}>Show all topics</Button>
                }
              >
                {text !== "" && `No name contains “${text}”.`}
              </Empty>
            )
          }
        />
      )}
      {clone.error && <ErrorView error={clone.error} onRetry={() => onSearch({ clone: undefined })} />}
      {clone.value && (
        <CreateTopicDialog
          key={clone.value.name}
          like={clone.value}
          brokers={cluster?.brokers ?? 1}
          onClose={() => onSearch({ clone: undefined })}
          onReview={(next) => {
            onSearch({ clone: undefined });
            setChange(next);
          }}
        />
      )}
      {emptying && (
        <EmptyTopicDialog
          topic={emptying.name}
          onClose={() => setEmptying(undefined)}
          onReview={(next) => {
            setEmptying(undefined);
            setChange(next);
          }}
        />
      )}
      {creating && (
        <CreateTopicDialog
          brokers={cluster?.brokers ?? 1}
          onClose={() => setCreating(false)}
          onReview={(next) => {
            setCreating(false);
            setChange(next);
          }}
        />
      )}
      {adding && (
        <AddPartitionsDialog
          topic={adding.name}
          now={adding.partitions}
          onClose={() => setAdding(undefined)}
          onReview={(next) => {
            setAdding(undefined);
            setChange(next);
          }}
        />
      )}
      {change && (
        <PlanReview
          clusterId={clusterId}
          change={change}
          onClose={() => setChange(undefined)}
          onApplied={topics.retry}
        />
      )}
    </Page>
  );
}

function matches(topic: TopicRow, text: string, show: Show, pinned: ReadonlySet<string>): boolean {
  if (show === "pinned" && !pinned.has(topic.name)) return false;
  // Trouble counts wherever it is; otherwise Kafka's own topics are a list of their own.
  if ((show === "all" || show === "internal") && topic.internal !== (show === "internal")) return false;
  if (show === "trouble" && topic.underReplicated + topic.offline === 0) return false;
  return topic.name.toLowerCase().includes(text);
}
