// Small form controls with their accessible names.
import type { KeyboardEvent, ReactNode, Ref } from "react";
import { Glyph } from "./Glyph";
import { IconBad, IconClose, IconDown, IconFind, type IconType } from "./icons";

export interface Option<T extends string> {
  value: T;
  label: string;
}

export function Select<T extends string>(props: {
  name: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  big?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
}) {
  return (
    <span className={`sel ${props.big ? "big" : ""}`}>
      <select
        aria-label={props.name}
        value={props.value}
        disabled={props.disabled}
        // biome-ignore lint/a11y/noAutofocus: only a form that a person just opened asks for it.
        autoFocus={props.autoFocus}
        data-autofocus={props.autoFocus || undefined}
        onChange={(event) => props.onChange(event.target.value as T)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Glyph icon={IconDown} small />
    </span>
  );
}

export interface TextInputProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  icon?: IconType;
  size?: string;
  small?: boolean;
  ui?: boolean;
  wrong?: boolean;
  /** Why the text cannot be used; the field around shows the same words. */
  problem?: string;
  disabled?: boolean;
  numeric?: boolean;
  /** More characters than this are not taken. */
  lengthMax?: number;
  autoFocus?: boolean;
  onEnter?: () => void;
  onEscape?: () => void;
  onClear?: () => void;
  ref?: Ref<HTMLInputElement>;
}

export function TextInput(props: TextInputProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && props.onEnter) {
      // The handler may close a dialog, which moves the focus to a button: that one must not get this key.
      event.preventDefault();
      props.onEnter();
    }
    if (event.key === "Escape" && props.onEscape) {
      event.stopPropagation();
      props.onEscape();
    }
  };
  return (
    <span
      className={`input ${props.small ? "sm" : ""} ${props.ui ? "ui" : ""} ${props.wrong || props.problem ? "wrong" : ""} ${props.size ?? ""}`}
    >
      {props.icon && <Glyph icon={props.icon} />}
      <input
        ref={props.ref}
        aria-label={props.name}
        aria-invalid={props.wrong || props.problem !== undefined || undefined}
        aria-description={props.problem}
        value={props.value}
        placeholder={props.placeholder}
        disabled={props.disabled}
        maxLength={props.lengthMax}
        inputMode={props.numeric ? "numeric" : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        // biome-ignore lint/a11y/noAutofocus: only a form that a person just opened asks for it.
        autoFocus={props.autoFocus}
        data-autofocus={props.autoFocus || undefined}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {props.onClear && props.value !== "" && (
        <button type="button" aria-label={`Clear ${props.name.toLowerCase()}`} onClick={props.onClear}>
          <Glyph icon={IconClose} small />
        </button>
      )}
    </span>
  );
}

export function FindInput(props: Omit<TextInputProps, "icon" | "ui">) {
  return (
    <TextInput
      {...props}
      icon={IconFind}
      ui
      small
      onClear={() => props.onChange("")}
      onEscape={() => props.onChange("")}
    />
  );
}

export function Segmented<T extends string>(props: {
  name: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = props.options.findIndex((option) => option.value === props.value);
    const next = props.options[(at + step + props.options.length) % props.options.length];
    if (!next) return;
    props.onChange(next.value);
    (event.currentTarget.querySelector(`[data-value="${next.value}"]`) as HTMLElement | null)?.focus();
  };
  return (
    <span className="seg" role="radiogroup" aria-label={props.name} onKeyDown={onKeyDown}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          data-value={option.value}
          aria-checked={option.value === props.value}
          tabIndex={option.value === props.value ? 0 : -1}
          onClick={() => props.onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}

export function Toggle(props: {
  name: string;
  on: boolean;
  onChange: (on: boolean) => void;
  words?: ReactNode;
}) {
  return (
    <button
      type="button"
      className="toggle"
      role="switch"
      aria-checked={props.on}
      aria-label={props.name}
      onClick={() => props.onChange(!props.on)}
    >
      {props.words ?? props.name}
      <i />
    </button>
  );
}

export function CheckBox(props: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={props.on}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}

/** A label and its control on one line; below it what is wrong with it. */
export function Field(props: { label: string; children: ReactNode; top?: boolean; problem?: string }) {
  return (
    <div className={`field ${props.top ? "top" : ""}`}>
      <span>{props.label}</span>
      {props.children}
      {props.problem !== undefined && (
        <span className="problem row small">
          <Glyph icon={IconBad} small />
          {props.problem}
        </span>
      )}
    </div>
  );
}

export function TextArea(props: {
  name: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  rows?: number;
  disabled?: boolean;
  autoFocus?: boolean;
}) {
  return (
    <textarea
      className="area"
      aria-label={props.name}
      value={props.value}
      rows={props.rows ?? 4}
      placeholder={props.placeholder}
      disabled={props.disabled}
      // biome-ignore lint/a11y/noAutofocus: only for a panel that a person has just opened.
      autoFocus={props.autoFocus}
      spellCheck={false}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
