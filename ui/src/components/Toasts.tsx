import { useSyncExternalStore } from "react";
import { store } from "../lib/store";
import { Button, IconButton } from "./Button";
import { Glyph } from "./Glyph";
import { IconBad, IconClose, IconOk } from "./icons";
import { SafeLine } from "./text";

const STAY_MS = 6000;
const SHOWN_MAX = 3;

export interface Toast {
  words: string;
  bad?: boolean;
  /** It stays until it is dismissed. */
  stays?: boolean;
  action?: { label: string; run: () => void };
}

interface Shown extends Toast {
  id: number;
}

const shown = store<readonly Shown[]>([]);
let nextId = 1;

function dismiss(id: number) {
  shown.set(shown.get().filter((toast) => toast.id !== id));
}

/** Says what happened, with the one step that may follow. */
export function say(toast: Toast) {
  const id = nextId++;
  shown.set([...shown.get(), { ...toast, id }].slice(-SHOWN_MAX));
  if (!toast.stays) setTimeout(() => dismiss(id), STAY_MS);
}

export function Toasts() {
  const list = useSyncExternalStore(shown.watch, shown.get);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((toast) => (
        <div key={toast.id} className="pop toast">
          <Glyph icon={toast.bad ? IconBad : IconOk} className={toast.bad ? "bad" : "ok"} />
          <span className="wrap">
            <SafeLine text={toast.words} />
          </span>
          {toast.action && (
            <Button
              kind="word"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton icon={IconClose} name="Dismiss" onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
