import { useState, useSyncExternalStore } from "react";
import { useZone } from "../components/clock";
import { Dialog } from "../components/Dialog";
import { EnvLabel } from "../components/EnvLabel";
import { Glyph } from "../components/Glyph";
import {
  IconBad,
  IconClock,
  IconConnect,
  IconLock,
  IconNotConnected,
  IconRunning,
  IconWarn,
} from "../components/icons";
import { useShownStatusLine } from "../components/statusLine";
import { SafeLine } from "../components/text";
import { JobList, ProgressBar, progressWords } from "../features/JobList";
import { useShop } from "../features/SampleShop";
import { presence } from "../host/presence";
import type { ClusterStatus, ClusterSummary, JobView } from "../ipc/bindings";
import { call } from "../ipc/call";
import { useFeed } from "../ipc/feed";
import { cancelJob, useJobs } from "../ipc/job";
import type { Prefs } from "../ipc/prefs";
import { rate } from "../lib/numbers";
import { safeWords } from "../lib/safeText";
import { hourMinute } from "../lib/time";

interface StatusBarProps {
  cluster: ClusterSummary | undefined;
  any: boolean;
  prefs: Prefs;
  setPrefs: (patch: Partial<Prefs>) => void;
}

export function StatusBar({ cluster, any, prefs, setPrefs }: StatusBarProps) {
  const status = useFeed("status", cluster ? { clusterId: cluster.clusterId } : undefined).value;
  const jobs = useJobs();
  const running = jobs.filter((job) => job.state === "running");
  const line = useShownStatusLine();
  const [open, setOpen] = useState(false);
  const lost = useSyncExternalStore(presence.watch, presence.get);
  return (
    <footer className="status">
      {cluster?.environment === "prod" && (
        <span className="part">
          <EnvLabel env="prod" />
        </span>
      )}
      {cluster?.readOnly && (
        <span className="part">
          <Glyph icon={IconLock} small />
          Read-only
        </span>
      )}
      {lost !== undefined ? (
        <span className="part bad">
          <Glyph icon={IconBad} small />
          Headwater does not answer
        </span>
      ) : (
        <Connection cluster={cluster} any={any} status={status} />
      )}
      {lost === undefined && status?.latencyMs !== undefined && status.latencyMs !== null && (
        <span className="part" title="round trip to the cluster">
          {status.latencyMs < 10 ? status.latencyMs.toFixed(1) : Math.round(status.latencyMs)} ms
        </span>
      )}
      {lost === undefined && running[0] && (
        <RunningJob job={running[0]} more={running.length - 1} onOpen={() => setOpen(true)} />
      )}
      {lost === undefined && <Shop cluster={cluster} />}
      {line && !(lost !== undefined && line.running) && (
        <span className={`part cut ${line.tone ?? ""}`}>
          {line.running ? (
            <Glyph icon={IconRunning} small className="spin acc" />
          ) : (
            line.tone && <Glyph icon={IconWarn} small />
          )}
          <span className="cut">
            <SafeLine text={line.words} />
          </span>
          {line.stop && (
            <button type="button" className="stop" aria-label={line.stop.name} onClick={line.stop.run}>
              Stop
            </button>
          )}
        </span>
      )}
      <span className="push" />
      <span className="part">
        <button
          type="button"
          className="st"
          aria-label={`Times are shown in ${prefs.zone === "utc" ? "UTC" : "local time"}, switch`}
          onClick={() => setPrefs({ zone: prefs.zone === "utc" ? "local" : "utc" })}
        >
          <Glyph icon={IconClock} small />
          {prefs.zone === "utc" ? "UTC" : "Local time"}
        </button>
      </span>
      {open && (
        <Dialog title="Jobs" onClose={() => setOpen(false)}>
          <JobList />
        </Dialog>
      )}
    </footer>
  );
}

/** The sample shop sells until it is told to pause; nobody should wonder where records come from. */
function Shop({ cluster }: { cluster: ClusterSummary | undefined }) {
  const shop = useShop(cluster?.kind === "local" && cluster.state !== "stopped");
  const act = (op: "shop.pause" | "shop.resume") => () => void call(op, {});
  if (shop?.state !== "open" && shop?.state !== "paused") return null;
  return (
    <span className="part">
      {shop.state === "open"
        ? `Sample shop ${rate(shop.recordsPerSec ?? undefined)} records/s`
        : "Sample shop paused"}
      <button
        type="button"
        className="stop"
        aria-label={shop.state === "open" ? "Pause the sample shop" : "Continue the sample shop"}
        onClick={act(shop.state === "open" ? "shop.pause" : "shop.resume")}
      >
        {shop.state === "open" ? "Pause" : "Continue"}
      </button>
    </span>
  );
}

function Connection({
  cluster,
  any,
  status,
}: {
  cluster: ClusterSummary | undefined;
  any: boolean;
  status: ClusterStatus | undefined;
}) {
  const zone = useZone();
  if (!cluster) {
    return (
      <span className="part">
        <Glyph icon={IconNotConnected} small />
        {any ? "No cluster open" : "No cluster"}
      </span>
    );
  }
  const state = status?.state ?? cluster.state;
  const total = status?.brokersTotal ?? undefined;
  const up = status?.brokersUp ?? undefined;
  if (state === "connected") {
    const short = total !== undefined && up !== undefined && up < total;
    return (
      <span className={`part ${short ? "warn" : ""}`}>
        <Glyph icon={short ? IconWarn : IconConnect} small />
        Connected{total !== undefined && up !== undefined && ` ${up} of ${total}`}
      </span>
    );
  }
  if (state === "unreachable") {
    return (
      <span className="part bad">
        <Glyph icon={IconBad} small />
        Unreachable since {hourMinute(status?.since ?? cluster.since, zone)}
      </span>
    );
  }
  if (state === "stopped") {
    return (
      <span className="part">
        <Glyph icon={IconNotConnected} small />
        Stopped
      </span>
    );
  }
  return (
    <span className="part">
      <Glyph icon={IconRunning} small className="spin acc" />
      {state === "starting" ? "Starting" : "Connecting"}
    </span>
  );
}

function RunningJob({ job, more, onOpen }: { job: JobView; more: number; onOpen: () => void }) {
  return (
    <span className="part">
      <Glyph icon={IconRunning} small className="spin acc" />
      <button type="button" onClick={onOpen} aria-label="Show jobs">
        <SafeLine text={job.title} />
        {more > 0 && ` and ${more} more`}
      </button>
      <ProgressBar done={job.done ?? undefined} total={job.total ?? undefined} />
      {progressWords(job)}
      <button
        type="button"
        className="stop"
        aria-label={safeWords(`Stop ${job.title}`)}
        onClick={() => cancelJob(job.jobId)}
      >
        Stop
      </button>
    </span>
  );
}
