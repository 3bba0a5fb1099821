import { Section } from "../../components/layout";
import { type ChartPlace, RangeChoice, rangeOf } from "../../features/chartPlace";
import { LiveChart } from "../../features/LiveChart";
import type { ClusterId } from "../../ipc/bindings";
import { LAGGING_MEANS } from "../../lib/brand";

export interface LagPartProps extends ChartPlace {
  clusterId: ClusterId;
  group: string;
}

/** How far behind the group was, from this program's own samples. */
export function LagPart({ clusterId, group, ...place }: LagPartProps) {
  return (
    <div className="pane scroll grow line">
      <Section
        title={`Last ${rangeOf(place.search).label}`}
        note="from committed offsets, while somebody looks"
      >
        <RangeChoice {...place} />
      </Section>
      <LiveChart clusterId={clusterId} series="lag" of={group} title="Lag, records" {...place} />
      <p className="pad small t2">{LAGGING_MEANS}.</p>
    </div>
  );
}
