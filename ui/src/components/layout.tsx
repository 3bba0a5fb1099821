// The lines of a page: head, views, toolbar, section, strip.
import type { ReactNode } from "react";
import { exactNumber } from "../lib/numbers";
import { safeWords } from "../lib/safeText";
import { Glyph } from "./Glyph";
import type { IconType } from "./icons";
import { Link } from "./navigation";
import { rove } from "./roving";
import { SafeLine } from "./text";

/** `old`: the page shows what was seen last, and not how things are. */
export function Page({ children, old }: { children: ReactNode; old?: boolean }) {
  return <div className={`page arrive contain ${old ? "old" : ""}`}>{children}</div>;
}

export function Head(props: {
  title: ReactNode;
  mono?: boolean;
  before?: ReactNode;
  facts?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="head">
      {props.before}
      <h1
        className={props.mono ? "mono" : ""}
        // After a dialog that was opened from nowhere the focus may come here.
        tabIndex={-1}
        title={typeof props.title === "string" ? safeWords(props.title) : undefined}
      >
        {typeof props.title === "string" ? <SafeLine text={props.title} /> : props.title}
      </h1>
      {props.facts && <div className="facts">{props.facts}</div>}
      <div className="act">{props.actions}</div>
    </header>
  );
}

/** A number among words is written like every other. */
function noteOf(note: ReactNode): ReactNode {
  return typeof note === "number" ? exactNumber(note) : note;
}

export interface ViewItem {
  id: string;
  label: string;
  href: string;
  note?: string | number;
}

/** The views of one resource; each is a link, so it can open in a tab. */
export function Views({ items, current, name }: { items: ViewItem[]; current: string; name: string }) {
  return (
    <nav className="views" aria-label={name}>
      {items.map((item) => (
        <Link
          key={item.id}
          href={item.href}
          className={`v ${item.id === current ? "on" : ""}`}
          current={item.id === current}
        >
          {item.label}
          {item.note !== undefined && <span className="n">{noteOf(item.note)}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** Views inside a panel, where nothing is worth an address. */
export function PanelViews<T extends string>(props: {
  name: string;
  items: { id: T; label: string; note?: ReactNode }[];
  current: T;
  onPick: (id: T) => void;
  low?: boolean;
}) {
  return (
    <div
      className={`views ${props.low ? "low" : "mid"}`}
      role="tablist"
      aria-label={props.name}
      onKeyDown={rove}
    >
      {props.items.map((item) => (
        <button
          tabIndex={item.id === props.current ? 0 : -1}
          key={item.id}
          type="button"
          role="tab"
          className={`v ${item.id === props.current ? "on" : ""}`}
          aria-selected={item.id === props.current}
          onClick={() => props.onPick(item.id)}
        >
          {item.label}
          {item.note !== undefined && <span className="n">{noteOf(item.note)}</span>}
        </button>
      ))}
    </div>
  );
}

export function Section({
  title,
  note,
  children,
}: {
  title: string;
  note?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="sec">
      <h2>{title}</h2>
      {note !== undefined && <span className="note">{noteOf(note)}</span>}
      {children && <span className="right">{children}</span>}
    </div>
  );
}

export interface StripItem {
  label: string;
  value: ReactNode;
  of?: ReactNode;
  tone?: "warn" | "bad";
  icon?: IconType;
  href?: string;
}

/** The health strip: quiet while all is well, coloured with its icon where it is not. */
export function Strip({ items, name }: { items: StripItem[]; name: string }) {
  return (
    <section className="strip" aria-label={name}>
      {items.map((item) => {
        const inside = (
          <>
            <span className="k">{item.label}</span>
            <span className={`v ${item.tone ?? ""}`}>
              {item.icon && <Glyph icon={item.icon} className={item.tone ? "" : "t3"} />}
              {item.value}
              {item.of !== undefined && <span className="of">{item.of}</span>}
            </span>
          </>
        );
        return item.href ? (
          <Link key={item.label} href={item.href}>
            {inside}
          </Link>
        ) : (
          <div key={item.label}>{inside}</div>
        );
      })}
    </section>
  );
}
