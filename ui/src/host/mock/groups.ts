// Fixtures of groups.
import type { GroupRow } from "../../ipc/bindings";
import { value } from "./clusters";
import { NOW, type Scenario } from "./scenario";

const TREND = Array.from({ length: 60 }, (_, at) => at);

export function groups(which: Scenario): GroupRow[] {
  if (which === "empty") return [];
  return [
    {
      group: "analytics",
      type: "classic",
      state: "Stable",
      members: value(1),
      topics: value(["page-views"]),
      lag: value(1284),
      lagging: true,
      trend: TREND.map((one) => one * 21),
      changePerSec: 1.2,
      ...(which === "hostile" ? { stuckSince: NOW - 200_000 } : {}),
      coordinator: value(2),
    },
    {
      group: "fulfilment",
      type: "classic",
      state: which === "hostile" ? "PreparingRebalance" : "Stable",
      members: value(2),
      topics: value(["orders", "payments"]),
      lag: value(0),
      lagging: false,
      trend: [],
      coordinator: value(1),
    },
    {
      group: which === "hostile" ? "<script>alert(1)</script>" : "nightly-export",
      type: "classic",
      state: "Empty",
      members: value(0),
      topics: value(["orders"]),
      lag:
        which === "hostile"
          ? { state: "unavailable", reason: "not permitted to read offsets" }
          : value(69_504),
      lagging: which !== "hostile",
      trend: [],
      coordinator: value(3),
    },
  ];
}
