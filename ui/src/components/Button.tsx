import type { MouseEventHandler, ReactNode, Ref } from "react";
import { label as keyLabel, type Shortcut } from "../lib/keys";
import { safeWords } from "../lib/safeText";
import { Glyph } from "./Glyph";
import { IconRunning, type IconType } from "./icons";
import { Tip } from "./Tip";

export interface ButtonProps {
  children?: ReactNode;
  icon?: IconType;
  /** Accent for the page's one main action, danger for what cannot be undone. */
  kind?: "plain" | "primary" | "danger" | "quiet" | "word";
  small?: boolean;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  /** Why the button cannot be used now; said on hover and to screen readers. */
  disabledReason?: string;
  running?: boolean;
  /** Accessible name, when the words inside are not enough. */
  name?: string;
  title?: string;
  type?: "button" | "submit";
  pressed?: boolean;
  expanded?: boolean;
  autoFocus?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
}

const KIND = { plain: "", primary: "p", danger: "d", quiet: "q", word: "word" } as const;

/** A disabled button stays focusable, so that its reason can be read. */
export function Button(props: ButtonProps) {
  const {
    children,
    icon,
    kind = "plain",
    small,
    disabledReason,
    running,
    type = "button",
    className = "",
  } = props;
  const off = disabledReason !== undefined || running;
  return (
    <Tip words={disabledReason ?? props.title}>
      <button
        ref={props.ref}
        type={type}
        className={`btn ${KIND[kind]} ${small ? "sm" : ""} ${props.pressed ? "on" : ""} ${className}`}
        aria-disabled={off || undefined}
        aria-label={props.name === undefined ? undefined : safeWords(props.name)}
        aria-pressed={props.pressed}
        aria-expanded={props.expanded}
        aria-description={disabledReason}
        // biome-ignore lint/a11y/noAutofocus: dialogs put the focus on their safest action.
        autoFocus={props.autoFocus}
        data-autofocus={props.autoFocus || undefined}
        onClick={(event) => (off ? event.preventDefault() : props.onClick?.(event))}
      >
        {running ? (
          <Glyph icon={IconRunning} small className="spin" />
        ) : (
          icon && <Glyph icon={icon} small={small} />
        )}
        {children}
      </button>
    </Tip>
  );
}

export interface IconButtonProps {
  icon: IconType;
  /** What it does; becomes the accessible name and the tooltip. */
  name: string;
  shortcut?: Shortcut;
  onClick: MouseEventHandler<HTMLButtonElement>;
  disabledReason?: string;
  pressed?: boolean;
  className?: string;
}

export function IconButton({
  icon,
  name,
  shortcut,
  onClick,
  disabledReason,
  pressed,
  className = "",
}: IconButtonProps) {
  const words = disabledReason ?? (shortcut ? `${name} (${keyLabel(shortcut)})` : name);
  return (
    <Tip words={words}>
      <button
        type="button"
        className={`btn sm ic q ${pressed ? "on" : ""} ${className}`}
        aria-label={safeWords(name)}
        aria-disabled={disabledReason !== undefined || undefined}
        aria-pressed={pressed}
        onClick={(event) => (disabledReason === undefined ? onClick(event) : undefined)}
      >
        <Glyph icon={icon} />
      </button>
    </Tip>
  );
}
