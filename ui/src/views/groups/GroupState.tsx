import { Glyph } from "../../components/Glyph";
import { IconOk, IconPending, IconRunning, IconWarn } from "../../components/icons";

const WHAT: Record<string, string> = {
  Stable: "every member has its partitions",
  Empty: "no member is connected; the offsets are kept",
  Dead: "the group is gone",
  PreparingRebalance: "members are joining",
  CompletingRebalance: "partitions are being handed out",
  Assigning: "partitions are being handed out",
  Reconciling: "members are taking over partitions",
};

/** Kafka's word for the state, with what it means on hover. */
export function GroupState({ state }: { state: string }) {
  const moving = /Rebalance|Assigning|Reconciling/.test(state);
  const icon = state === "Stable" ? IconOk : moving ? IconRunning : state === "Dead" ? IconWarn : IconPending;
  return (
    <span className={`st ${moving ? "warn" : "t2"}`} title={WHAT[state]}>
      <Glyph icon={icon} small />
      {state
        .replace(/([a-z])([A-Z])/g, "$1 $2")
        .toLowerCase()
        .replace(/^./, (letter) => letter.toUpperCase())}
    </span>
  );
}
