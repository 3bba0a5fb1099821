import { FocusTrap } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useFocusReturn } from "../components/focusReturn";
import { Glyph } from "../components/Glyph";
import { IconCluster, IconFind, IconGroup, IconProduce, IconTopic } from "../components/icons";
import { Layer } from "../components/Layer";
import { wantsTab } from "../components/navigation";
import { type Action, useRegisteredActions } from "../components/pageActions";
import { SafeLine } from "../components/text";
import type { ClusterId, ClusterSummary, TopicRow } from "../ipc/bindings";
import { writeRefusal } from "../ipc/cluster";
import { useFeed } from "../ipc/feed";
import { hrefs } from "../lib/hrefs";
import { label as keyLabel } from "../lib/keys";
import { safeWords } from "../lib/safeText";
import type { ActionGroup } from "./actions";
import { navigator } from "./navigator";
import { paletteRank } from "./paletteRank";

const NOUNS_MAX = 8;

interface Entry {
  id: string;
  group: string;
  action: Action;
  href?: string;
  /** It is called by a name of the cluster's. */
  named?: boolean;
}

function noun(group: string, icon: Action["icon"], name: string, href: string): Entry {
  return {
    id: href,
    group,
    href,
    named: true,
    action: { id: href, label: name, icon, run: () => navigator.go(href) },
  };
}

/** Those that fit what was typed, what is meant most likely first. */
function fitting(entries: Entry[], text: string): Entry[] {
  return entries
    .flatMap((entry) => {
      const named = entry.named === true || entry.id.startsWith("go.");
      const rank = paletteRank({ label: entry.action.label, named }, text);
      return rank === undefined ? [] : [{ entry, rank }];
    })
    .sort((left, right) => left.rank - right.rank)
    .map(({ entry }) => entry);
}

/** Every topic to produce to, once it is said that producing is meant. */
function producing(clusterId: ClusterId, topics: readonly TopicRow[], words: readonly string[]): Entry[] {
  if (!words.some((word) => word.length > 2 && "produce".startsWith(word))) return [];
  return topics.map(({ name }) => ({
    ...noun(
      "Produce",
      IconProduce,
      `Produce record to ${name}`,
      hrefs.topic(clusterId, name, "messages", "?produce=1"),
    ),
    named: false,
  }));
}

const TO_FIND = {
  inside: "A topic, a group, a cluster, or something to do",
  outside: "A cluster, or something to do",
};

interface PaletteProps {
  /** What stands in the field at first. */
  begin: string;
  groups: ActionGroup[];
  clusters: ClusterSummary[];
  cluster: ClusterSummary | undefined;
  onClose: () => void;
}

/** Everything that can be done or opened, by typing a part of its name. */
export function Palette({ begin, groups, clusters, cluster, onClose }: PaletteProps) {
  const [text, setText] = useState(begin);
  // Nothing is picked until something is typed or an arrow pressed: a hasty Enter runs nothing.
  const [at, setAt] = useState(-1);
  const id = useId();
  useFocusReturn();
  const list = useRef<HTMLDivElement>(null);
  const page = useRegisteredActions();
  const clusterId = cluster?.clusterId;
  const writable = writeRefusal(cluster) === undefined;
  const topics = useFeed("topics", clusterId ? { clusterId } : undefined).value?.value;
  const consumers = useFeed("groups", clusterId ? { clusterId } : undefined).value?.value;

  const entries = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const calm = page.filter((action) => !action.harm);
    const few = (all: Entry[]): Entry[] => (text === "" ? [] : fitting(all, text).slice(0, NOUNS_MAX));
    const actions = (title: string, all: readonly Action[]): Entry[] =>
      all
        .filter((action) => action.id !== "palette")
        .map((action) => ({ id: action.id, group: title, action }));
    // What the page offers is not offered again.
    const more = (entries: Entry[]) =>
      entries.filter(
        ({ action }) => !page.some(({ id, label }) => id === action.id || label === action.label),
      );
    const first = [
      ...actions("On this page", calm),
      ...(clusterId
        ? [
            ...few(
              (topics ?? []).map(({ name }) => noun("Topics", IconTopic, name, hrefs.topic(clusterId, name))),
            ),
            ...(writable ? more(few(producing(clusterId, topics ?? [], words))) : []),
            ...few(
              (consumers ?? []).map((one) =>
                noun("Groups", IconGroup, one.group, hrefs.group(clusterId, one.group)),
              ),
            ),
          ]
        : []),
      ...few(clusters.map((one) => noun("Clusters", IconCluster, one.name, hrefs.overview(one.clusterId)))),
      ...more(groups.flatMap((group) => actions(group.title, group.actions))).filter(
        ({ action }) => !action.harm,
      ),
    ];
    const title = "Stops or breaks something here";
    const all = [...actions(title, page), ...more(groups.flatMap((one) => actions(title, one.actions)))];
    const harmful = all.filter(({ action }) => action.harm);
    // Last, so that nobody comes upon it first.
    return [...fitting(first, text), ...fitting(harmful, text)];
  }, [text, page, topics, consumers, clusters, clusterId, writable, groups]);

  const current = Math.min(at, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const run = (entry: Entry | undefined, newTab: boolean) => {
    if (!entry || entry.action.disabledReason !== undefined) return;
    onClose();
    if (entry.href && newTab) navigator.openTab(entry.href);
    else entry.action.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onClose();
    if (event.key === "Enter") {
      // A field that what runs gives the focus to must not get this key.
      event.preventDefault();
      run(entries[current], wantsTab(event));
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt((Math.max(current, step < 0 ? 0 : -1) + step + entries.length) % Math.max(1, entries.length));
  };

  return (
    <Layer>
      <div
        className="scrim high"
        onPointerDown={(event) => event.target === event.currentTarget && onClose()}
      >
        <FocusTrap active>
          <div
            className="dialog palette"
            role="dialog"
            aria-modal="true"
            aria-label="Search or run"
            onKeyDown={onKeyDown}
          >
            <div className="find-line">
              <Glyph icon={IconFind} className="t3" />
              <input
                role="combobox"
                aria-label="Search or run"
                aria-expanded="true"
                aria-controls={id}
                aria-activedescendant={entries[current] ? `${id}-${current}` : undefined}
                placeholder={clusterId === undefined ? TO_FIND.outside : TO_FIND.inside}
                value={text}
                spellCheck={false}
                data-autofocus
                // biome-ignore lint/a11y/noAutofocus: the palette is opened to be typed into, at once.
                autoFocus
                onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
                onChange={(event) => {
                  setText(event.target.value);
                  setAt(event.target.value === "" ? -1 : 0);
                }}
              />
            </div>
            <div className="results" ref={list} id={id} role="listbox" aria-label="Results">
              {entries.map((entry, index) => (
                <div key={entry.id} role="presentation">
                  {entries[index - 1]?.group !== entry.group && <div className="group">{entry.group}</div>}
                  <Option
                    id={`${id}-${index}`}
                    entry={entry}
                    current={index === current}
                    onPoint={() => setAt(index)}
                    onRun={(newTab) => run(entry, newTab)}
                  />
                </div>
              ))}
              {entries.length === 0 && <Nothing text={text} inCluster={clusterId !== undefined} />}
            </div>
          </div>
        </FocusTrap>
      </div>
    </Layer>
  );
}

/** Without a cluster none of its topics can be found, which does not say that there is none of that name. */
function Nothing({ text, inCluster }: { text: string; inCluster: boolean }) {
  return (
    <div className="group" role="status">
      Nothing is called “
      <SafeLine text={text} />”{inCluster ? "" : " here. Open a cluster to find its topics and groups."}
    </div>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  current: boolean;
  onPoint: () => void;
  onRun: (newTab: boolean) => void;
}

function Option({ id, entry: { action, named }, current, onPoint, onRun }: OptionProps) {
  return (
    <div
      className="option"
      id={id}
      role="option"
      aria-selected={current}
      aria-disabled={action.disabledReason !== undefined}
      onPointerMove={() => !current && onPoint()}
      onClick={(event) => onRun(wantsTab(event))}
    >
      {action.icon ? <Glyph icon={action.icon} /> : <span className="icon-gap" />}
      <span className={`cut ${named ? "mono-data" : ""}`} title={safeWords(action.label)}>
        <SafeLine text={action.label} />
      </span>
      {action.disabledReason && (
        <span className="label t3 cut">
          <SafeLine text={action.disabledReason} />
        </span>
      )}
      {action.shortcut && <kbd>{keyLabel(action.shortcut)}</kbd>}
    </div>
  );
}
