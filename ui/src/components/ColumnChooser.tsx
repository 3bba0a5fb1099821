import { Menu as MantineMenu } from "@mantine/core";
import { Glyph } from "./Glyph";
import { IconColumns, IconTick, IconTickOff } from "./icons";

export interface ColumnChooserProps {
  columns: readonly (readonly [id: string, label: string])[];
  hidden: readonly string[];
  onHidden: (hidden: readonly string[]) => void;
}

/** Which columns a list shows; it stays open while several are ticked. */
export function ColumnChooser({ columns, hidden, onHidden }: ColumnChooserProps) {
  return (
    <MantineMenu
      unstyled
      closeOnItemClick={false}
      classNames={{ dropdown: "pop menu abs", item: "menu-item" }}
      position="bottom-end"
      offset={4}
      withinPortal
    >
      <MantineMenu.Target>
        <button type="button" className="btn sm q" aria-label="Columns" title="Which columns are shown">
          <Glyph icon={IconColumns} small />
          <span className="roomy">Columns</span>
        </button>
      </MantineMenu.Target>
      <MantineMenu.Dropdown>
        {columns.map(([id, label]) => {
          const on = !hidden.includes(id);
          return (
            <MantineMenu.Item
              key={id}
              aria-label={`${label}, ${on ? "shown" : "put away"}`}
              onClick={() => onHidden(on ? [...hidden, id] : hidden.filter((other) => other !== id))}
            >
              <span className="row grow">
                <Glyph icon={on ? IconTick : IconTickOff} className={on ? "acc" : "t3"} />
                {label}
              </span>
            </MantineMenu.Item>
          );
        })}
      </MantineMenu.Dropdown>
    </MantineMenu>
  );
}
