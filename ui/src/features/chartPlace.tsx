// What the address of a page says of its charts: how much of the time they show, and which have their table out.
import type { TableChoice } from "../components/chart/Chart";
import { Segmented } from "../components/fields";
import type { Search } from "../lib/search";

const RANGES = [
  { value: "900000", label: "15 min" },
  { value: "3600000", label: "1 h" },
  { value: "21600000", label: "6 h" },
] as const;
type Range = (typeof RANGES)[number];

export interface ChartPlace {
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function rangeOf(search: Search): Range {
  return RANGES.find((one) => one.value === search.range) ?? RANGES[0];
}

export function RangeChoice({ search, onSearch }: ChartPlace) {
  return (
    <Segmented<Range["value"]>
      name="Range"
      value={rangeOf(search).value}
      options={RANGES}
      onChange={(next) => onSearch({ range: next === RANGES[0].value ? undefined : next })}
    />
  );
}

/** Returns whether the chart of a series has its table out; the address names those that have. */
export function tableOf({ search, onSearch }: ChartPlace, series: string): TableChoice {
  const out = (search.table ?? "").split(",").filter((one) => one !== "");
  const others = out.filter((one) => one !== series);
  return {
    shown: out.includes(series),
    onShown: (shown) => onSearch({ table: (shown ? [...others, series] : others).join(",") }),
  };
}
