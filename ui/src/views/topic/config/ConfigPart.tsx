import { useMemo, useRef, useState } from "react";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { FindInput, Segmented } from "../../../components/fields";
import { Glyph } from "../../../components/Glyph";
import { type Sort, sorted } from "../../../components/grid/columns";
import { DataGrid } from "../../../components/grid/DataGrid";
import { useListSource } from "../../../components/grid/rowSource";
import { IconDraft } from "../../../components/icons";
import { usePageActions } from "../../../components/pageActions";
import { SidePane } from "../../../components/SidePane";
import { Empty, OldLine, Waiting } from "../../../components/states";
import { settingColumns } from "../../../features/settingColumns";
import {
  type ConfigDraft,
  changes,
  entriesOf,
  locked,
  mentions,
  valueProblem,
} from "../../../features/settings";
import type { Cell, Change, ClusterId, ConfigRow, Seen, TopicDetail } from "../../../ipc/bindings";
import type { Answer } from "../../../ipc/call";
import { useDraft } from "../../../ipc/persisted";
import { usePrefs } from "../../../ipc/prefs";
import { ErrorView } from "../../../ipc/remedies";
import { counted } from "../../../lib/numbers";
import { oldOf } from "../../../lib/old";
import type { Search } from "../../../lib/search";
import { SettingEditor } from "./SettingEditor";

type Show = "all" | "set" | "changed";
const key = (row: ConfigRow) => row.name;

export interface ConfigPartProps {
  clusterId: ClusterId;
  topic: string;
  detail: Answer<Seen<TopicDetail>>;
  refusal: string | undefined;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>, options?: { replace?: boolean }) => void;
  onChange: (change: Change) => void;
}

/** Settings with what they mean and where they come from; edits are a draft until they are reviewed as one plan. */
export function ConfigPart(props: ConfigPartProps) {
  const { clusterId, topic, detail, refusal, search, onSearch } = props;
  const [prefs, setPrefs] = usePrefs();
  const [draft, patch, clear] = useDraft<ConfigDraft>(`config ${clusterId} ${topic}`, {});
  const [sort, setSort] = useState<Sort>({ column: "group", descending: false });
  const find = useRef<HTMLInputElement>(null);
  const text = search.q ?? "";
  const show: Show = search.show === "set" || search.show === "changed" ? search.show : "all";
  const cell = detail.value?.value.configs;
  const all = cell?.state === "value" ? cell.value : [];
  const changed = all.filter((row) => changes(row, draft[row.name]));
  const columns = useMemo(() => settingColumns("topic", draft), [draft]);
  const rows = useMemo(() => {
    const wanted = all.filter(
      (row) =>
        (show === "all" || (show === "set" ? row.source === "topic" : changes(row, draft[row.name]))) &&
        mentions(row, text),
    );
    return sorted(wanted, columns, sort);
  }, [all, text, show, sort, columns, draft]);
  const source = useListSource(rows, key);
  const picked = all.find((row) => row.name === search.setting);
  const pick = (name: string | undefined) => onSearch({ setting: name }, { replace: true });
  const wrong = changed.find((row) => {
    const drafted = draft[row.name];
    return locked(row) ?? (typeof drafted === "string" ? valueProblem(row, drafted) : undefined);
  });
  const reason = refusal ?? (wrong ? `${wrong.name} cannot be that` : undefined);
  const review = () => {
    if (reason === undefined && changed.length > 0)
      props.onChange({ kind: "setTopicConfigs", name: topic, entries: entriesOf(all, draft) });
  };
  usePageActions([
    { id: "config.find", label: "Find a setting", shortcut: "/", run: () => find.current?.focus() },
    ...(changed.length > 0
      ? [
          {
            id: "config.review",
            label: `Review ${counted(changed.length, "change")} of settings`,
            icon: IconDraft,
            shortcut: "Mod+Enter",
            disabledReason: reason,
            run: review,
          },
          { id: "config.discard", label: "Discard the changes of settings", run: clear },
        ]
      : []),
  ]);
  if (detail.loading) return <Waiting words="Reading settings" />;
  if (cell && cell.state !== "value") return <NoSettings cell={cell} onRetry={detail.retry} />;
  const old = oldOf(cell);
  const properties = all
    .filter((row) => row.source === "topic")
    .map((row) => `${row.name}=${row.value ?? ""}`)
    .join("\n");
  return (
    <>
      {old && detail.old === undefined && <OldLine old={old} />}
      <div className="bar">
        <FindInput
          ref={find}
          name="Find a setting"
          size="w-find"
          placeholder="Find a setting or a word in its text"
          value={text}
          onChange={(q) => onSearch({ q }, { replace: true })}
        />
        <Segmented<Show>
          name="Show"
          value={show}
          options={[
            { value: "all", label: `All ${all.length}` },
            { value: "set", label: `Set here ${all.filter((row) => row.source === "topic").length}` },
            { value: "changed", label: `Changed ${changed.length}` },
          ]}
          onChange={(next) => onSearch({ show: next === "all" ? undefined : next }, { replace: true })}
        />
        <span className="right">
          <CopyButton text={properties} what="Properties" words="Copy as properties" />
        </span>
      </div>
      <div className="split">
        <div className="pane grow">
          <DataGrid
            name="Settings"
            source={source}
            columns={columns}
            sort={sort}
            onSort={setSort}
            rowClass={() => (old ? "dim" : "")}
            selected={picked?.name}
            onSelect={(row) => pick(row?.name)}
            empty={<Empty title={`0 of ${all.length} settings match`} />}
          />
        </div>
        {picked && (
          <SidePane
            name="Setting"
            width={prefs.inspectorWidth}
            onWidth={(inspectorWidth) => setPrefs({ inspectorWidth })}
            onClose={() => pick(undefined)}
          >
            <SettingEditor
              key={picked.name}
              row={picked}
              drafted={draft[picked.name]}
              refusal={refusal}
              onDraft={(value) => patch({ [picked.name]: value })}
              onReview={review}
              onClose={() => pick(undefined)}
            />
          </SidePane>
        )}
      </div>
      {changed.length > 0 && (
        <section className="foot canvas" aria-label="Changes">
          <Glyph icon={IconDraft} className="acc" />
          <b>{counted(changed.length, "change")}</b>
          <span className="mono-data t2 cut">{changed.map((row) => row.name).join(", ")}</span>
          <span className="grow" />
          <Button kind="quiet" onClick={clear}>
            Discard
          </Button>
          <Button kind="primary" disabledReason={reason} onClick={review}>
            Review {counted(changed.length, "change")}
          </Button>
        </section>
      )}
    </>
  );
}

/** Settings that were never read. */
function NoSettings({ cell, onRetry }: { cell: Cell<ConfigRow[]>; onRetry: () => void }) {
  if (cell.state === "failed") return <ErrorView error={cell.error} onRetry={onRetry} />;
  const why = cell.state === "unavailable" ? cell.reason : undefined;
  return <Empty title="The settings are not known">{why}</Empty>;
}
