import { copyText } from "../lib/copy";
import { Button, IconButton } from "./Button";
import { IconCopy } from "./icons";
import { say } from "./Toasts";

/** Copies one thing and says which. */
export async function copyAndSay(text: string, what: string) {
  const done = await copyText(text);
  say({ words: done ? `${what} copied` : `${what} could not be copied`, bad: !done });
}

export function CopyButton({ text, what, words }: { text: string; what: string; words?: string }) {
  const copy = () => void copyAndSay(text, what);
  const name = `Copy ${what.toLowerCase()}`;
  return words ? (
    <Button kind="quiet" small icon={IconCopy} onClick={copy} name={words === "Copy" ? name : undefined}>
      {words}
    </Button>
  ) : (
    <IconButton icon={IconCopy} name={name} onClick={copy} />
  );
}
