import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Chart } from "../components/chart/Chart";
import { useZone } from "../components/clock";
import { say } from "../components/Toasts";
import type { ClusterId } from "../ipc/bindings";
import { appError, useCall } from "../ipc/call";
import { useAwayCluster } from "../ipc/feed";
import { saveAndSay } from "../ipc/files";
import { ErrorView } from "../ipc/remedies";
import { lengthToAsk } from "../lib/chartRange";
import { hourMinute } from "../lib/time";
import { ageOf } from "./chartAge";
import { type ChartPlace, rangeOf, tableOf } from "./chartPlace";

const EVERY_MS = 2000;
const PLOT_PX = 164;
const STEP_PX = 50;
/** The host's and the page's idea of a length differ by less. */
const SAME_LENGTH_MS = 1000;

export interface LiveChartProps extends ChartPlace {
  clusterId: ClusterId;
  series: "produceRate" | "lag";
  title: string;
  /** One topic, or one group. */
  of?: string;
}

function saveChart(name: string, content: string | Promise<Uint8Array<ArrayBuffer>>) {
  void Promise.resolve(content).then(
    (bytes) => saveAndSay(name, bytes),
    (cause: unknown) => say({ words: `${name} was not saved. ${appError(cause).why}`, bad: true }),
  );
}

/** A chart that draws itself anew every two seconds, and is dim while there is nothing new to draw. */
export function LiveChart({ clusterId, series, title, of, search, onSearch }: LiveChartProps) {
  const rangeMs = Number(rangeOf(search).value);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(400);
  const zone = useZone();
  useLayoutEffect(() => {
    if (!box.current) return;
    // Rounded, so that dragging a pane does not ask for a chart per pixel.
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(STEP_PX, Math.round((entry?.contentRect.width ?? 400) / STEP_PX) * STEP_PX)),
    );
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const subject = `${clusterId} ${series} ${of} ${rangeMs}`;
  const [measured, setMeasured] = useState({ subject, lengthMs: rangeMs });
  const askedMs = measured.subject === subject ? measured.lengthMs : rangeMs;
  const answer = useCall(
    "chart.get",
    { clusterId, series, of, rangeMs: askedMs, width, height: PLOT_PX },
    { everyMs: EVERY_MS },
  );
  const view = answer.value;
  useEffect(() => {
    // Until the first answer of another range or topic is there, what is shown is of the one before.
    if (!view || Math.abs(view.x.max - view.x.min - askedMs) > SAME_LENGTH_MS) return;
    const lengthMs = lengthToAsk(view, rangeMs);
    if (lengthMs !== askedMs) setMeasured({ subject, lengthMs });
  }, [view, askedMs, rangeMs, subject]);
  const away = useAwayCluster({ clusterId });
  const why = away && (away.problem ?? `${away.name} is ${away.state}`);
  const seenSince = useRef<number>(undefined);
  seenSince.current ??= view?.x.max;
  const old = useMemo(
    () => view && ageOf(view, { away: why, error: answer.error, seenSince: seenSince.current ?? 0 }),
    [view, why, answer.error],
  );
  return (
    <div ref={box}>
      {answer.error && !answer.value ? (
        <ErrorView error={answer.error} onRetry={answer.retry} />
      ) : (
        <Chart
          title={title}
          view={answer.value}
          old={old}
          table={tableOf({ search, onSearch }, series)}
          onSave={saveChart}
          none={
            answer.value && (
              <span>No data yet, collecting since {hourMinute(answer.value.collectingSince, zone)}</span>
            )
          }
        />
      )}
    </div>
  );
}
