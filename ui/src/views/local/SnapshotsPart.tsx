import { useEffect, useMemo, useState } from "react";
import { Button } from "../../components/Button";
import { copyAndSay } from "../../components/CopyButton";
import { Age } from "../../components/clock";
import { TextInput } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import type { Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import {
  IconCopy,
  IconDelete,
  IconInfo,
  IconMore,
  IconRestore,
  IconSnapshot,
  IconWarn,
} from "../../components/icons";
import { MenuButton, type MenuEntry } from "../../components/Menu";
import { usePageActions } from "../../components/pageActions";
import { Empty } from "../../components/states";
import { SafeLine } from "../../components/text";
import { ProgressBar } from "../../features/JobList";
import type { LocalPanel, LocalSnapshot } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { cancelJob, useJobs } from "../../ipc/job";
import { useDraft } from "../../ipc/persisted";
import { ErrorView } from "../../ipc/remedies";
import { bytes } from "../../lib/numbers";
import { safeWords } from "../../lib/safeText";
import { DeleteDialog, RestoreDialog } from "./SnapshotDialogs";
import { forkCommand, freshName } from "./snapshots";

const key = (snapshot: LocalSnapshot) => snapshot.name;

type Asked = { verb: "restore" | "delete"; snapshot: LocalSnapshot };

/** Snapshots of the local cluster under a name: taken while it runs, gone back to, or the beginning of another. */
export function SnapshotsPart({ panel }: { panel: LocalPanel }) {
  const [draft, patch, clear] = useDraft("local snapshot", { name: "" });
  const [asked, ask] = useState<Asked>();
  const suggested = freshName(panel.snapshots);
  const name = draft.name.trim() === "" ? suggested : draft.name.trim();
  const job = useJobs().find((one) => one.operation === "local.snapshot_take");
  const taking = job?.state === "running";
  const take = useAct("local.snapshot_take");
  // A name that was refused stays, to be mended; the job says so later than the call that began it.
  const takenNow = job?.state === "done" && job.jobId === take.value?.jobId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a snapshot that is taken clears its name once.
  useEffect(() => {
    if (takenNow) clear();
  }, [takenNow]);
  const refusal = panel.running ? undefined : "Start the local cluster first";
  const run = () => !taking && !refusal && take.run({ name });
  usePageActions([
    { id: "local.snapshot", label: "Take a snapshot of the local cluster", icon: IconSnapshot, run },
  ]);
  const columns = useMemo(
    () => snapshotColumns((one) => entriesOf(one, panel.running, ask)),
    [panel.running],
  );
  const source = useListSource(panel.snapshots, key);
  return (
    <>
      <form
        className="bar"
        aria-label="Take a snapshot"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <TextInput
          small
          ui
          size="w-find"
          name="Name of the snapshot"
          placeholder={suggested}
          value={draft.name}
          onChange={(next) => patch({ name: next })}
        />
        <Button
          type="submit"
          small
          icon={IconSnapshot}
          running={taking || take.running}
          disabledReason={refusal}
        >
          Take snapshot
        </Button>
        {taking && job && (
          <>
            <ProgressBar done={job.done} total={job.total} />
            <Button small onClick={() => cancelJob(job.jobId)}>
              Cancel
            </Button>
          </>
        )}
        <span className="grow" />
        <span className="row small t2 roomy">
          <Glyph icon={IconInfo} small />
          The cluster goes on; a reset leaves snapshots.
        </span>
      </form>
      {take.error && <ErrorView error={take.error} onRetry={run} />}
      {job?.state === "failed" && job.error && <ErrorView error={job.error} onRetry={run} />}
      {panel.snapshots.length === 0 ? (
        <Empty title="No snapshots">
          A snapshot keeps topics, records, groups, transactions and settings as they are at one moment. Go
          back to it whenever you like, or begin other clusters with it.
        </Empty>
      ) : (
        <DataGrid
          name="Snapshots"
          source={source}
          columns={columns}
          menu={(one) => entriesOf(one, panel.running, ask)}
          empty={null}
        />
      )}
      {asked?.verb === "restore" && (
        <RestoreDialog snapshot={asked.snapshot} onClose={() => ask(undefined)} />
      )}
      {asked?.verb === "delete" && <DeleteDialog snapshot={asked.snapshot} onClose={() => ask(undefined)} />}
    </>
  );
}

function entriesOf(snapshot: LocalSnapshot, running: boolean, ask: (asked: Asked) => void): MenuEntry[] {
  const command = forkCommand(snapshot.directory);
  const problem = snapshot.problem ?? undefined;
  return [
    {
      label: "Go back to it…",
      icon: IconRestore,
      danger: true,
      disabledReason: problem ?? (running ? undefined : "Start the local cluster first"),
      run: () => ask({ verb: "restore", snapshot }),
    },
    {
      label: "Copy the command that begins another cluster with it",
      icon: IconCopy,
      disabledReason: problem,
      run: () => void copyAndSay(command, "Command"),
    },
    {
      label: "Copy its folder",
      icon: IconCopy,
      run: () => void copyAndSay(snapshot.directory, "Folder"),
    },
    {
      label: "Delete…",
      icon: IconDelete,
      danger: true,
      run: () => ask({ verb: "delete", snapshot }),
    },
  ];
}

function snapshotColumns(entries: (snapshot: LocalSnapshot) => MenuEntry[]): Column<LocalSnapshot>[] {
  return [
    {
      id: "name",
      head: "Name",
      width: "minmax(160px,1fr)",
      cell: (one) => <SafeLine text={one.name} />,
    },
    {
      id: "taken",
      head: "Taken",
      width: "120px",
      cell: (one) =>
        one.problem ? (
          <span className="st warn" title={one.problem}>
            <Glyph icon={IconWarn} small />
            cannot be read
          </span>
        ) : (
          <Age at={one.takenAt ?? undefined} />
        ),
    },
    { id: "brokers", head: "Brokers", width: "72px", look: "num", cell: (one) => one.brokers || "—" },
    {
      id: "size",
      head: "Size",
      width: "88px",
      look: "num",
      cell: (one) => (one.problem ? "—" : bytes(one.bytes)),
    },
    {
      id: "act",
      head: "Actions",
      spoken: true,
      width: "36px",
      cell: (one) => (
        <MenuButton entries={entries(one)}>
          <button
            type="button"
            className="btn sm ic q rowmenu"
            aria-label={safeWords(`Actions for ${one.name}`)}
          >
            <IconMore className="i s" size={14} stroke={1.5} aria-hidden />
          </button>
        </MenuButton>
      ),
    },
  ];
}
