import { useSyncExternalStore } from "react";
import { Button } from "../../../components/Button";
import { useZone } from "../../../components/clock";
import { Glyph } from "../../../components/Glyph";
import {
  IconBad,
  IconLive,
  IconNotConnected,
  IconOk,
  IconPause,
  IconRunning,
  IconStop,
  IconWarn,
} from "../../../components/icons";
import { SafeLine } from "../../../components/text";
import { ProgressBar } from "../../../features/JobList";
import { presence } from "../../../host/presence";
import type { ClusterSummary, ScanState } from "../../../ipc/bindings";
import { bytes, counted, exactNumber, rate, shortNumber } from "../../../lib/numbers";
import { safeWords } from "../../../lib/safeText";
import { clockTime, duration, type TimeZoneMode } from "../../../lib/time";

const LOOK = {
  running: [IconRunning, "acc spin"],
  live: [IconLive, "acc"],
  paused: [IconPause, "warn"],
  full: [IconPause, "acc"],
  complete: [IconOk, "ok"],
  stopped: [IconStop, "warn"],
  failed: [IconBad, "bad"],
} as const;

const WORDS: Partial<Record<ScanState["state"], string>> = {
  running: "Reading",
  live: "Live",
  paused: "Paused",
};

/** Always says how much was read and whether that is all of it; at the limit, how it goes on. */
export function VerdictLine(props: {
  state: ScanState;
  cluster: ClusterSummary | undefined;
  onReadOn: () => void;
  onFollow: () => void;
}) {
  const { state, cluster } = props;
  const zone = useZone();
  const lost = useSyncExternalStore(presence.watch, presence.get);
  const away = whyNotLive(state, cluster, lost, zone);
  const [icon, tone] = away ? ([IconNotConnected, "bad"] as const) : LOOK[state.state];
  const word = away?.word ?? WORDS[state.state];
  const took = (state.endedAt ?? Date.now()) - state.startedAt;
  return (
    <div className="note-line verdict" role="status" aria-label="Verdict">
      <Glyph icon={icon} small className={tone} />
      {word && (away || !state.verdict.startsWith(word)) && <b>{word}</b>}
      <span className="cut">
        <SafeLine text={away?.words ?? state.verdict} />
      </span>
      {state.state === "full" && (
        <>
          <Button small title="Keep as many rows again" onClick={props.onReadOn}>
            Read on
          </Button>
          <Button small title="Read the newest records and follow what comes" onClick={props.onFollow}>
            Follow the end
          </Button>
        </>
      )}
      {state.state === "running" && !away && (
        <ProgressBar done={state.scanned} total={state.total ?? undefined} />
      )}
      <span className="right t2">
        <span title={`${exactNumber(state.scanned)} records read`}>
          <b>{shortNumber(state.scanned)}</b>
          {state.total ? ` of ${shortNumber(state.total)}` : ""} scanned
        </span>
        <span>
          <b>{exactNumber(state.count)}</b> kept
        </span>
        {state.droppedOldest > 0 && (
          // A tail that goes on is meant to let go; a scan that ended has lost what was asked for.
          <span
            className={state.state === "live" || state.state === "paused" ? "" : "st warn"}
            title="The limit keeps the newest rows"
          >
            {state.state !== "live" && state.state !== "paused" && <Glyph icon={IconWarn} small />}
            {counted(state.droppedOldest, "older row")} let go
          </span>
        )}
        <span>{bytes(state.bytes)}</span>
        {away ? null : state.state === "live" || state.state === "running" ? (
          <span>{rate(state.ratePerSec)}/s</span>
        ) : (
          <span>{duration(Math.max(0, took))}</span>
        )}
      </span>
    </div>
  );
}

/** A tail of a cluster or of a program that does not answer is not live: nothing comes, and nobody knows what
 * there is. */
function whyNotLive(
  { state }: ScanState,
  cluster: ClusterSummary | undefined,
  lost: number | undefined,
  zone: TimeZoneMode,
): { word: string; words: string } | undefined {
  if (lost !== undefined && (state === "live" || state === "running")) {
    const words = `Headwater does not answer since ${clockTime(lost, zone, false)}; no record comes any more`;
    return { word: "Ended", words };
  }
  if (state !== "live" || (cluster?.state !== "unreachable" && cluster?.state !== "stopped"))
    return undefined;
  const since = clockTime(cluster.since, zone, false);
  return {
    word: "Waiting",
    words: `${safeWords(cluster.name)} is ${cluster.state} since ${since}; live goes on when it answers`,
  };
}
