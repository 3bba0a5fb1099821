import type { ChartView } from "../../ipc/bindings";
import { chartSvg, paintOf, pngOf } from "../../lib/chartFile";
import { chartCsv } from "../../lib/chartRange";
import { hourMinute } from "../../lib/time";
import { useZone } from "../clock";
import { Glyph } from "../Glyph";
import { IconSave } from "../icons";
import { MenuButton } from "../Menu";
import { usePageActions } from "../pageActions";

export interface ChartMenuProps {
  title: string;
  /** What is shown, which is what is exported. */
  view: ChartView;
  /** An element of the chart, whose theme the drawing takes. */
  place: () => Element | null;
  onSave: (name: string, content: string | Promise<Uint8Array<ArrayBuffer>>) => void;
}

/** The chart as a file: as a picture, or its numbers. */
export function ChartMenu({ title, view, place, onSave }: ChartMenuProps) {
  const zone = useZone();
  const svg = () =>
    chartSvg(title, view, paintOf(place() ?? document.documentElement), (at) => hourMinute(at, zone));
  const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const entries = [
    { label: "Save as PNG", run: () => onSave(`${name}.png`, pngOf(svg())) },
    { label: "Save as SVG", run: () => onSave(`${name}.svg`, svg()) },
    { label: "Save the numbers as CSV", run: () => onSave(`${name}.csv`, chartCsv(view)) },
  ];
  usePageActions(
    entries.map(({ label, run }) => ({
      id: `chart ${title} ${label}`,
      label: `${label}: ${title}`,
      icon: IconSave,
      run,
    })),
  );
  return (
    <MenuButton entries={entries}>
      <button type="button" className="btn sm ic q" aria-label={`Save ${title}`}>
        <Glyph icon={IconSave} small />
      </button>
    </MenuButton>
  );
}
