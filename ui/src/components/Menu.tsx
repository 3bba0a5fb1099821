// Menus of a button and of a place on the page, from the same list of entries.
import { Menu as MantineMenu } from "@mantine/core";
import {
  cloneElement,
  type KeyboardEvent,
  type ReactElement,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { label as keyLabel } from "../lib/keys";
import { safeWords } from "../lib/safeText";
import { useFocusReturn } from "./focusReturn";
import { Glyph } from "./Glyph";
import type { IconType } from "./icons";
import { Layer } from "./Layer";
import { SafeLine } from "./text";

/** Longer words may be cut, so they are said in full on hover. */
const LABEL_MAX = 40;

export interface MenuEntry {
  label: string;
  icon?: IconType;
  run: () => void;
  danger?: boolean;
  disabledReason?: string;
  shortcut?: string;
}

export type MenuEntries = readonly (MenuEntry | "line")[];

function EntryWords({ entry }: { entry: MenuEntry }) {
  return (
    <>
      {entry.icon ? <Glyph icon={entry.icon} /> : <span className="icon-gap" />}
      <span className="said cut" title={entry.label.length > LABEL_MAX ? safeWords(entry.label) : undefined}>
        <SafeLine text={entry.label} />
      </span>
      {entry.disabledReason && (
        <span className="label t3 cut">
          <SafeLine text={entry.disabledReason} />
        </span>
      )}
      {entry.shortcut && <kbd>{keyLabel(entry.shortcut)}</kbd>}
    </>
  );
}

/** A button that may be no more than an icon says on hover what it is. */
function withTitle(button: ReactElement): ReactElement {
  const { title, "aria-label": name } = button.props as { title?: string; "aria-label"?: string };
  return title === undefined && name
    ? cloneElement(button as ReactElement<{ title: string }>, { title: name })
    : button;
}

export function MenuButton({ entries, children }: { entries: MenuEntries; children: ReactElement }) {
  const opener = useRef<Element>(null);
  return (
    <MantineMenu
      unstyled
      // Its own return comes late and would take the focus from a dialog that an entry opens.
      returnFocus={false}
      onOpen={() => {
        opener.current = document.activeElement;
      }}
      onClose={() => {
        if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
      }}
      classNames={{ dropdown: "pop menu abs", item: "menu-item", itemLabel: "grow" }}
      position="bottom-end"
      offset={4}
      withinPortal
    >
      <MantineMenu.Target>{withTitle(children)}</MantineMenu.Target>
      <MantineMenu.Dropdown>
        {entries.map((entry, index) =>
          entry === "line" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name, and the list does not reorder.
            <div key={index} className="menu-line" />
          ) : (
            <MantineMenu.Item
              key={entry.label}
              className={entry.danger ? "bad" : ""}
              disabled={entry.disabledReason !== undefined}
              onClick={entry.run}
            >
              <span className="row grow">
                <EntryWords entry={entry} />
              </span>
            </MantineMenu.Item>
          ),
        )}
      </MantineMenu.Dropdown>
    </MantineMenu>
  );
}

export interface MenuPlace {
  x: number;
  y: number;
  entries: MenuEntries;
}

/** A menu at the pointer or beside the selected row. */
export function ContextMenu({ place, onClose }: { place: MenuPlace; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useFocusReturn();
  const [at, setAt] = useState({ left: place.x, top: place.y });

  useLayoutEffect(() => {
    const size = box.current?.getBoundingClientRect();
    if (!size) return;
    box.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    setAt({
      left: Math.max(4, Math.min(place.x, innerWidth - size.width - 4)),
      top: Math.max(4, Math.min(place.y, innerHeight - size.height - 4)),
    });
  }, [place]);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const items = [...(box.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const index = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape" || event.key === "Tab") onClose();
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape" || step !== 0) event.preventDefault();
    if (step !== 0) items[(index + step + items.length) % items.length]?.focus();
  };

  return (
    <Layer>
      <div
        className="menu-at"
        onPointerDown={(event) => event.target === event.currentTarget && onClose()}
        onContextMenu={(event) => event.preventDefault()}
      >
        <div ref={box} className="pop menu" role="menu" style={at} onKeyDown={onKeyDown}>
          {place.entries.map((entry, index) =>
            entry === "line" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name, and the list does not reorder.
              <div key={index} className="menu-line" />
            ) : (
              <button
                key={entry.label}
                type="button"
                role="menuitem"
                className={`menu-item ${entry.danger ? "bad" : ""}`}
                disabled={entry.disabledReason !== undefined}
                onClick={() => {
                  onClose();
                  entry.run();
                }}
              >
                <EntryWords entry={entry} />
              </button>
            ),
          )}
        </div>
      </div>
    </Layer>
  );
}
