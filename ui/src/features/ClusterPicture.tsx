// Who leads which partition and who keeps up, drawn as it is now. Every mark also has words, for whoever cannot
// see the picture.
import { useLayoutEffect, useRef, useState } from "react";
import { Button } from "../components/Button";
import { IconSave } from "../components/icons";
import { Section } from "../components/layout";
import { Empty, Waiting } from "../components/states";
import type { ClusterId, Layout } from "../ipc/bindings";
import { useFeed } from "../ipc/feed";
import { saveAndSay } from "../ipc/files";
import { ErrorView } from "../ipc/remedies";
import { counted, exactNumber } from "../lib/numbers";
import { CELL, HEAD, LABEL, nameThatFits, type PlacedMark, placeMarks } from "../lib/pictureLayout";
import { svgText } from "../lib/svgText";

export function ClusterPicture({ clusterId }: { clusterId: ClusterId }) {
  const feed = useFeed("layout", { clusterId });
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 640)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const layout = feed.value?.value;
  const save = () => {
    if (svg.current) void saveAndSay("cluster.svg", svgText(svg.current));
  };
  return (
    <section aria-label="Leaders and replicas">
      <Section title="Leaders and replicas" note={layout && summary(layout)}>
        <Legend />
        <Button kind="quiet" small icon={IconSave} disabledReason={layout ? undefined : "…"} onClick={save}>
          Save SVG
        </Button>
      </Section>
      <div ref={box} className="pad-x">
        {feed.error && !layout && <ErrorView flush error={feed.error} onRetry={feed.retry} />}
        {!layout && !feed.error && <Waiting words="Asking where partitions live" />}
        {layout && layout.partitions.length === 0 && (
          <Empty title="No partitions yet">Create a topic, and its replicas appear here.</Empty>
        )}
        {layout && layout.partitions.length > 0 && <Drawing layout={layout} width={width} svgRef={svg} />}
      </div>
    </section>
  );
}

function Drawing({
  layout,
  width,
  svgRef,
}: {
  layout: Layout;
  width: number;
  svgRef: React.RefObject<SVGSVGElement | null>;
}) {
  const placed = placeMarks(layout, width);
  return (
    <svg
      ref={svgRef}
      className="picture"
      width={width}
      height={placed.height}
      viewBox={`0 0 ${width} ${placed.height}`}
      role="img"
      aria-label={`${summary(layout)}. ${layout.brokers.map(brokerWords).join(", ")}`}
    >
      {placed.columns.map((column) => {
        const broker = layout.brokers.find((one) => one.id === column.broker);
        const names = brokerNames(column.broker, broker);
        return (
          <g key={column.broker} className={broker?.up ? "broker" : "broker down"}>
            <rect className="lane" x={column.x} y={0} width={column.width} height={placed.height} />
            <text className="name" x={column.x + 8} y={HEAD - 9}>
              {nameThatFits(names, column.width)}
              <title>{names[0]}</title>
            </text>
          </g>
        );
      })}
      {placed.rows.map((row) => (
        <g key={row.topic}>
          <line className="rule" x1={0} x2={width} y1={row.y} y2={row.y} />
          <text className="topic" x={0} y={row.y + 16}>
            {short(row.topic)}
          </text>
        </g>
      ))}
      {placed.marks.map((mark) => (
        <rect
          key={mark.id}
          className={`mark ${mark.kind}`}
          x={mark.x}
          y={mark.y}
          width={CELL}
          height={CELL}
          rx={2}
        >
          <title>{words(mark)}</title>
        </rect>
      ))}
    </svg>
  );
}

function Legend() {
  return (
    <span className="row legend small t2" aria-hidden>
      <i className="key leader" /> leads
      <i className="key follower" /> in sync
      <i className="key behind" /> behind or down
    </span>
  );
}

function summary(layout: Layout): string {
  const under = layout.partitions.filter((one) => one.isr.length < one.replicas.length).length;
  const without = layout.partitions.filter((one) => one.leader === undefined || one.leader === null).length;
  const shown =
    layout.partitions.length < layout.total ? ` (${exactNumber(layout.partitions.length)} drawn)` : "";
  return [
    `${counted(layout.total, "partition")}${shown}`,
    under === 0 ? "all in sync" : `${exactNumber(under)} under-replicated`,
    ...(without > 0 ? [`${exactNumber(without)} without a leader`] : []),
  ].join(", ");
}

/** What stands above a column, the fullest first; that a broker is down is said as long as there is room. */
function brokerNames(id: number, broker: Layout["brokers"][number] | undefined): string[] {
  const what = broker && !broker.up ? "down" : undefined;
  const more = what ?? (broker?.controller ? "controller" : undefined);
  return [
    ...(more ? [`Broker ${id}, ${more}`] : []),
    ...(what ? [`${id}, ${what}`] : [`Broker ${id}`]),
    `${id}`,
  ];
}

function brokerWords(broker: Layout["brokers"][number]): string {
  return `broker ${broker.id} ${broker.up ? "runs" : "is down"}`;
}

function words(mark: PlacedMark): string {
  const how = { leader: "leads", follower: "in sync", behind: "not in sync" }[mark.kind];
  return `${mark.topic} ${mark.partition}: ${how} on broker ${mark.broker}`;
}

function short(topic: string): string {
  const fits = Math.floor(LABEL / 7.4);
  return topic.length <= fits ? topic : `${topic.slice(0, fits - 1)}…`;
}
