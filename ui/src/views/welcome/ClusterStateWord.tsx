import { useZone } from "../../components/clock";
import { Glyph } from "../../components/Glyph";
import { IconBad, IconNotConnected, IconOk, IconRunning, IconStop } from "../../components/icons";
import type { ClusterSummary } from "../../ipc/bindings";
import { hourMinute } from "../../lib/time";

/** Icon and word for a cluster's state. */
export function ClusterStateWord({ cluster }: { cluster: ClusterSummary }) {
  const zone = useZone();
  switch (cluster.state) {
    case "connected":
      return cluster.problem ? (
        <span className="st bad">
          <Glyph icon={IconBad} /> Trouble
        </span>
      ) : (
        <span className="st t2">
          <Glyph icon={IconOk} /> {cluster.kind === "local" ? "Running" : "Healthy"}
        </span>
      );
    case "connecting":
    case "starting":
      return (
        <span className="st t2">
          <Glyph icon={IconRunning} className="spin acc" />{" "}
          {cluster.state === "starting" ? "Starting" : "Connecting"}
        </span>
      );
    case "unreachable":
      return (
        <span className="st bad">
          <Glyph icon={IconNotConnected} /> Unreachable since {hourMinute(cluster.since, zone)}
        </span>
      );
    case "stopped":
      return (
        <span className="st t3">
          <Glyph icon={IconStop} /> Stopped
        </span>
      );
  }
}
