import { Button } from "../components/Button";
import { Segmented, TextInput } from "../components/fields";
import type { ConfigRow } from "../ipc/bindings";
import { choicesOf, humanValue, shortcutsOf } from "./settings";

export interface SettingValueProps {
  row: ConfigRow;
  text: string;
  problem: string | undefined;
  onText: (text: string) => void;
  onEnter: () => void;
}

/** The value of one setting: one of its words, or a text with what it means and what one often wants. */
export function SettingValue({ row, text, problem, onText, onEnter }: SettingValueProps) {
  const choices = choicesOf(row);
  if (choices) {
    return (
      <Segmented
        name="Value"
        value={text}
        options={choices.map((value) => ({ value, label: value }))}
        onChange={onText}
      />
    );
  }
  return (
    <>
      <div className="row">
        <TextInput
          name="Value"
          size="w-time"
          wrong={problem !== undefined}
          value={text}
          onChange={onText}
          onEnter={() => !problem && onEnter()}
        />
        <span className={`small ${problem ? "bad" : "t2"}`}>
          {problem ?? humanValue(row.name, text.trim())}
        </span>
      </div>
      <Shortcuts name={row.name} value={text} onPick={onText} />
    </>
  );
}

function Shortcuts(props: { name: string; value: string; onPick: (value: string) => void }) {
  const all = shortcutsOf(props.name);
  if (all.length === 0) return null;
  return (
    <span className="row wrapping">
      {all.map(({ label, value }) => (
        <Button key={value} small pressed={value === props.value.trim()} onClick={() => props.onPick(value)}>
          {label}
        </Button>
      ))}
    </span>
  );
}
