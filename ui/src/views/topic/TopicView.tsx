import { useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { cellValue } from "../../components/cells";
import {
  IconAdd,
  IconClone,
  IconDelete,
  IconErase,
  IconMore,
  IconPin,
  IconPinned,
  IconProduce,
} from "../../components/icons";
import { Head, Page, type ViewItem, Views } from "../../components/layout";
import { MenuButton } from "../../components/Menu";
import { useNavigation } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { EmptyTopicDialog } from "../../features/EmptyTopicDialog";
import { PlanForm } from "../../features/PlanForm";
import { PlanReview } from "../../features/PlanReview";
import type { Change, ClusterId } from "../../ipc/bindings";
import { useCall } from "../../ipc/call";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { useDraft } from "../../ipc/persisted";
import { isPinned, togglePin, usePrefs } from "../../ipc/prefs";
import { SeenLines } from "../../ipc/SeenLines";
import { hrefs, type TopicView as TopicPart, withSearch } from "../../lib/hrefs";
import type { Search } from "../../lib/search";
import { ConfigPart } from "./config/ConfigPart";
import { GroupsPart } from "./GroupsPart";
import { MessagesPart } from "./messages/MessagesPart";
import { PartitionsPart } from "./PartitionsPart";
import { TopicFacts } from "./TopicFacts";

const REFRESH_MS = 5000;

export interface TopicViewProps {
  clusterId: ClusterId;
  topic: string;
  part: TopicPart;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>, options?: { replace?: boolean }) => void;
}

export function TopicView({ clusterId, topic, part, search, onSearch }: TopicViewProps) {
  const navigation = useNavigation();
  const cluster = useCluster(clusterId);
  const [prefs] = usePrefs();
  const detail = useCall("topic.get", { clusterId, topic }, { everyMs: REFRESH_MS });
  const topics = useFeed("topics", { clusterId });
  const row = topics.value?.value.find((one) => one.name === topic);
  const [change, setChange] = useState<Change>();
  const [emptying, setEmptying] = useState(false);
  const [, , discardConfig] = useDraft<Record<string, unknown>>(`config ${clusterId} ${topic}`, {});
  const gone = detail.error?.code === "not_found" ? "There is no such topic" : undefined;
  const refusal = writeRefusal(cluster) ?? gone;
  const producing = search.produce === "1" && part === "messages";
  const partitions = detail.value?.value.partitions.length ?? row?.partitions ?? 0;
  const pin = { kind: "topic" as const, name: topic };
  const pinned = isPinned(prefs, clusterId, pin);

  const produce = () => {
    if (part === "messages") onSearch({ produce: producing ? undefined : "1", record: undefined });
    else navigation.go(hrefs.topic(clusterId, topic, "messages", "?produce=1"));
  };
  const cloneHref = hrefs.topics(clusterId, `?clone=${encodeURIComponent(topic)}`);
  const remove = () => setChange({ kind: "deleteTopic", name: topic });
  const to = (view: TopicPart) => () => navigation.go(hrefs.topic(clusterId, topic, view));
  usePageActions([
    {
      id: "record.produce",
      label: `Produce record to ${topic}`,
      icon: IconProduce,
      shortcut: "P",
      disabledReason: refusal,
      run: produce,
    },
    {
      id: "topic.pin",
      label: `${pinned ? "Unpin" : "Pin"} ${topic}`,
      icon: IconPin,
      run: () => togglePin(clusterId, pin),
    },
    { id: "topic.messages", label: "Show messages", shortcut: "1", run: to("messages") },
    { id: "topic.partitions", label: "Show partitions", shortcut: "2", run: to("partitions") },
    { id: "topic.groups", label: "Show groups", shortcut: "3", run: to("groups") },
    { id: "topic.config", label: "Show config", shortcut: "4", run: to("config") },
    {
      id: "topic.clone",
      label: `Clone topic ${topic}`,
      icon: IconClone,
      disabledReason: refusal,
      run: () => navigation.go(cloneHref),
    },
    {
      id: "topic.empty",
      label: `Empty topic ${topic}`,
      icon: IconErase,
      disabledReason: refusal,
      run: () => setEmptying(true),
    },
    {
      id: "topic.delete",
      label: `Delete topic ${topic}`,
      icon: IconDelete,
      disabledReason: refusal,
      run: remove,
    },
  ]);

  const groups = cellValue(detail.value?.value.groups);
  const items: ViewItem[] = [
    { id: "messages", label: "Messages", href: hrefs.topic(clusterId, topic, "messages") },
    {
      id: "partitions",
      label: "Partitions",
      href: hrefs.topic(clusterId, topic, "partitions"),
      note: partitions || undefined,
    },
    { id: "groups", label: "Groups", href: hrefs.topic(clusterId, topic, "groups"), note: groups?.length },
    { id: "config", label: "Config", href: hrefs.topic(clusterId, topic, "config") },
  ];
  return (
    <Page old={(detail.old ?? topics.old) !== undefined}>
      <Head
        mono
        title={topic}
        before={
          <IconButton
            icon={pinned ? IconPinned : IconPin}
            name={pinned ? `Unpin ${topic}` : `Pin ${topic}`}
            pressed={pinned}
            className={pinned ? "acc pinmark" : "pinmark"}
            onClick={() => togglePin(clusterId, pin)}
          />
        }
        facts={<TopicFacts row={row} partitions={gone ? undefined : partitions} />}
        actions={
          <>
            <Button icon={IconProduce} disabledReason={refusal} pressed={producing} onClick={produce}>
              Produce record
            </Button>
            <MenuButton
              entries={[
                {
                  label: "Add partitions…",
                  icon: IconAdd,
                  disabledReason: refusal,
                  run: () =>
                    navigation.go(withSearch(hrefs.topic(clusterId, topic, "partitions"), { add: "1" })),
                },
                {
                  label: "Clone topic…",
                  icon: IconClone,
                  disabledReason: refusal,
                  run: () => navigation.go(cloneHref),
                },
                {
                  label: "Empty topic…",
                  icon: IconErase,
                  danger: true,
                  disabledReason: refusal,
                  run: () => setEmptying(true),
                },
                {
                  label: "Delete topic…",
                  icon: IconDelete,
                  danger: true,
                  disabledReason: refusal,
                  run: remove,
                },
              ]}
            >
              <button type="button" className="btn ic" aria-label={`More for ${topic}`}>
                <IconMore className="i" size={16} stroke={1.5} aria-hidden />
              </button>
            </MenuButton>
          </>
        }
      />
      <Views name={`Views of ${topic}`} items={items} current={part} />
      <SeenLines of={part === "messages" ? { ...detail, error: gone && detail.error } : detail} />
      {part === "messages" && detail.error?.code !== "not_found" && (
        <MessagesPart
          clusterId={clusterId}
          topic={topic}
          partitions={partitions}
          cluster={cluster}
          search={search}
          onSearch={onSearch}
          producing={producing}
        />
      )}
      {part === "partitions" && (
        <PartitionsPart
          clusterId={clusterId}
          topic={topic}
          detail={detail}
          refusal={refusal}
          adding={search.add === "1"}
          onAdding={(on) => onSearch({ add: on ? "1" : undefined })}
        />
      )}
      {part === "groups" && <GroupsPart clusterId={clusterId} topic={topic} detail={detail} />}
      {part === "config" && (
        <ConfigPart
          clusterId={clusterId}
          topic={topic}
          detail={detail}
          refusal={refusal}
          search={search}
          onSearch={onSearch}
          onChange={setChange}
        />
      )}
      {emptying && (
        <PlanForm clusterId={clusterId} onClose={() => setEmptying(false)} onApplied={detail.retry}>
          {(asking) => (
            <EmptyTopicDialog topics={[topic]} asking={asking} onClose={() => setEmptying(false)} />
          )}
        </PlanForm>
      )}
      {change && (
        <PlanReview
          clusterId={clusterId}
          change={change}
          onClose={() => setChange(undefined)}
          onApplied={() => {
            if (change.kind === "deleteTopic") navigation.go(hrefs.topics(clusterId));
            else detail.retry();
            if (change.kind === "setTopicConfigs") discardConfig();
          }}
        />
      )}
    </Page>
  );
}
