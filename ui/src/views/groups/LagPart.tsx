import { Segmented } from "../../components/fields";
import { Section } from "../../components/layout";
import { LiveChart } from "../../features/LiveChart";
import type { ClusterId } from "../../ipc/bindings";
import { LAGGING_MEANS } from "../../lib/brand";
import type { Search } from "../../lib/search";

const RANGES = [
  { value: "900000", label: "15 min" },
  { value: "3600000", label: "1 h" },
  { value: "21600000", label: "6 h" },
] as const;
type Range = (typeof RANGES)[number]["value"];

export interface LagPartProps {
  clusterId: ClusterId;
  group: string;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

/** How far behind the group was, from this program's own samples. */
export function LagPart({ clusterId, group, search, onSearch }: LagPartProps) {
  const range: Range = RANGES.find((one) => one.value === search.range)?.value ?? "900000";
  return (
    <div className="pane scroll grow line">
      <Section
        title={`Last ${RANGES.find((one) => one.value === range)?.label}`}
        note="from committed offsets, while somebody looks"
      >
        <Segmented<Range>
          name="Range"
          value={range}
          options={RANGES}
          onChange={(next) => onSearch({ range: next === "900000" ? undefined : next })}
        />
      </Section>
      <LiveChart clusterId={clusterId} series="lag" of={group} title="Lag, records" rangeMs={Number(range)} />
      <p className="pad small t2">{LAGGING_MEANS}.</p>
    </div>
  );
}
