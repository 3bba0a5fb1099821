import { Glyph } from "../../components/Glyph";
import { IconTick, IconTree } from "../../components/icons";
import { MenuButton, type MenuEntries } from "../../components/Menu";
import { SPLITS, type Split } from "./tree";

export interface TreeMenuProps {
  split: Split;
  onSplit: (split: Split) => void;
  onFoldAll: (open: boolean) => void;
}

/** A flat list, or a tree by the separators of the names. */
export function TreeMenu({ split, onSplit, onFoldAll }: TreeMenuProps) {
  const entries: MenuEntries = [
    ...SPLITS.map(([id, label]) => ({
      label,
      icon: id === split ? IconTick : undefined,
      run: () => onSplit(id),
    })),
    ...(split === "none"
      ? []
      : ([
          "line",
          { label: "Open all groups", run: () => onFoldAll(true) },
          { label: "Close all groups", run: () => onFoldAll(false) },
        ] as const)),
  ];
  const words = split === "none" ? "Tree" : (SPLITS.find(([id]) => id === split)?.[1] ?? "Tree");
  return (
    <MenuButton entries={entries}>
      <button type="button" className={`btn sm q ${split === "none" ? "" : "on"}`} aria-label={words}>
        <Glyph icon={IconTree} small />
        <span className="roomy">{words}</span>
      </button>
    </MenuButton>
  );
}
