import { useMemo, useRef } from "react";
import { Button } from "../../components/Button";
import { FindInput, Segmented, Select, TextInput } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { byText, type Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconBad, IconDraft, IconPlay, IconWarn } from "../../components/icons";
import { usePageActions } from "../../components/pageActions";
import { Empty, Waiting } from "../../components/states";
import { Tip } from "../../components/Tip";
import { mentions } from "../../features/settings";
import type { LocalPanel, LocalSetting } from "../../ipc/bindings";
import { useAct, useCall } from "../../ipc/call";
import { useDraft } from "../../ipc/persisted";
import { ErrorView } from "../../ipc/remedies";
import { counted } from "../../lib/numbers";
import {
  changedSettings,
  diskBytes,
  draftProblem,
  gigabytes,
  type LocalDraft,
  overridesOf,
} from "./localDraft";

const COUNTS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const EMPTY: LocalDraft = { brokers: "", basePort: "", diskMax: "", values: {}, text: "", show: "here" };
const key = (setting: LocalSetting) => setting.name;

/** Brokers, ports and Kafka's own settings; they count from the next start on. */
export function SettingsPart({ panel }: { panel: LocalPanel }) {
  const settings = useCall("local.settings", {}, { fresh: JSON.stringify(panel.overrides) });
  const [draft, patch, clear] = useDraft<LocalDraft>("local settings", EMPTY);
  const find = useRef<HTMLInputElement>(null);
  const now = String(panel.brokers.length || 3);
  const brokers = draft.brokers === "" ? now : draft.brokers;
  const all = settings.value ?? [];
  const changes = changedSettings(draft, all, panel.running ? now : undefined);
  const problem = draftProblem(draft, Number(brokers));
  const restart = useAct("local.restart", clear);
  const apply = () =>
    restart.run({
      brokers: Number(brokers),
      basePort: draft.basePort === "" ? undefined : Number(draft.basePort),
      diskMax: draft.diskMax === "" ? undefined : diskBytes(draft.diskMax),
      overrides: overridesOf(draft, all),
    });
  const rows = useMemo(
    () =>
      all.filter((setting) => {
        const set = draft.values[setting.name] ?? setting.set;
        const here = setting.laptop !== undefined || (set !== undefined && set !== "");
        return (draft.show === "all" || here) && mentions(setting, draft.text);
      }),
    [all, draft.show, draft.text, draft.values],
  );
  const columns = useMemo<Column<LocalSetting>[]>(
    () =>
      settingColumns(draft.values, (name, value) => patch({ values: { ...draft.values, [name]: value } })),
    [draft.values, patch],
  );
  const source = useListSource(rows, key);
  usePageActions([
    { id: "local.find", label: "Find a setting", shortcut: "/", run: () => find.current?.focus() },
  ]);
  const fewer = panel.dataBytes > 0 && Number(brokers) < Number(now);
  const verb = panel.running ? "Restart cluster" : "Start cluster";
  return (
    <>
      <div className="bar">
        <Size panel={panel} draft={draft} brokers={brokers} problem={problem} patch={patch} />
        <FindInput
          ref={find}
          name="Find a setting"
          size="w-find"
          placeholder="Find a setting or a word in its text"
          value={draft.text}
          onChange={(text) => patch({ text })}
        />
        <Segmented<LocalDraft["show"]>
          name="Show"
          value={draft.show}
          options={[
            { value: "here", label: "Not Kafka's" },
            { value: "all", label: `All ${all.length}` },
          ]}
          onChange={(show) => patch({ show })}
        />
      </div>
      {settings.error && <ErrorView error={settings.error} onRetry={settings.retry} />}
      {restart.error && <ErrorView error={restart.error} onRetry={apply} />}
      {settings.loading && <Waiting words="Reading settings" />}
      {settings.value && (
        <DataGrid
          name="Settings"
          source={source}
          columns={columns}
          empty={<Empty title={`0 of ${counted(all.length, "setting")} match`} />}
        />
      )}
      {changes.length > 0 && (
        <section className="foot canvas" aria-label="Changes">
          <Glyph icon={IconDraft} className="acc" />
          <b>{counted(changes.length, "change")}</b>
          <span className="mono-data t2 cut">{changes.join(", ")}</span>
          {fewer && (
            <span className="st warn">
              <Glyph icon={IconWarn} small /> refused where a broker that goes has records
            </span>
          )}
          {problem !== undefined && (
            <span className="st bad">
              <Glyph icon={IconBad} small /> {problem}
            </span>
          )}
          <span className="grow" />
          <Button kind="quiet" onClick={clear}>
            Discard
          </Button>
          <Button
            kind="primary"
            icon={IconPlay}
            running={restart.running}
            disabledReason={problem}
            onClick={apply}
          >
            {verb}
          </Button>
        </section>
      )}
    </>
  );
}

interface SizeProps {
  panel: LocalPanel;
  draft: LocalDraft;
  brokers: string;
  problem: string | undefined;
  patch: (change: Partial<LocalDraft>) => void;
}

/** How many brokers, where, and how much they may keep. */
function Size({ panel, draft, brokers, problem, patch }: SizeProps) {
  return (
    <>
      Brokers
      <Select
        name="Brokers"
        value={brokers}
        options={COUNTS.map((count) => ({ value: count, label: count }))}
        onChange={(next) => patch({ brokers: next })}
      />
      first port
      <TextInput
        small
        numeric
        size="w-number"
        name="First port"
        placeholder={String(panel.basePort)}
        wrong={problem?.includes("port")}
        value={draft.basePort}
        onChange={(basePort) => patch({ basePort })}
      />
      <Tip words="From there on writes are refused as on a full disk, until records are removed. 0 is no limit.">
        <span>at most</span>
      </Tip>
      <TextInput
        small
        numeric
        size="w-number"
        name="Most on disk, GB"
        placeholder={gigabytes(panel.diskMax)}
        wrong={problem?.includes("disk")}
        value={draft.diskMax}
        onChange={(diskMax) => patch({ diskMax })}
      />
      GB
    </>
  );
}

function settingColumns(
  values: Record<string, string>,
  onValue: (name: string, value: string) => void,
): Column<LocalSetting>[] {
  return [
    {
      id: "name",
      head: "Setting",
      width: "minmax(200px,1.4fr)",
      narrow: "minmax(110px,1.4fr)",
      look: "mono",
      order: byText((setting) => setting.name),
      cell: (setting) => (
        <Tip words={setting.doc}>
          <span>{setting.name}</span>
        </Tip>
      ),
    },
    {
      id: "default",
      head: "Kafka's default",
      width: "minmax(90px,0.7fr)",
      above: 520,
      look: "num",
      cell: (setting) => <span className="t2">{setting.default === "" ? "—" : setting.default}</span>,
    },
    {
      id: "laptop",
      head: "For a laptop",
      width: "minmax(90px,0.6fr)",
      above: 620,
      look: "num",
      cell: (setting) => setting.laptop ?? <span className="t3">—</span>,
    },
    {
      id: "set",
      head: "Yours",
      width: "168px",
      look: "after",
      cell: (setting) => (
        <TextInput
          small
          size="w-cell"
          name={setting.name}
          placeholder={setting.laptop ?? setting.default}
          value={values[setting.name] ?? setting.set ?? ""}
          onChange={(value) => onValue(setting.name, value)}
        />
      ),
    },
    { id: "doc", head: "What it does", width: "minmax(0,2fr)", above: 900, cell: (setting) => setting.doc },
  ];
}
