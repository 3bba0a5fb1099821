import { TextInput } from "./fields";

/** Asks for a word to be typed. Enter never confirms what cannot be undone; only the button does. */
export function TypedConfirm(props: { word: string; typed: string; onType: (typed: string) => void }) {
  return (
    <>
      <span className="small t2">
        Type <b className="mono-data selectable">{props.word}</b> to confirm
      </span>
      <TextInput name="Confirmation" autoFocus size="w-name" value={props.typed} onChange={props.onType} />
    </>
  );
}

/** Why the button waits. */
export function unconfirmed(word: string | undefined, typed: string): string | undefined {
  return !word || typed === word ? undefined : `Type ${word} to confirm`;
}
