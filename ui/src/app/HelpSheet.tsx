import { Dialog } from "../components/Dialog";
import { IconKeyboard } from "../components/icons";
import { useRegisteredActions } from "../components/pageActions";
import { label as keyLabel } from "../lib/keys";
import type { ActionGroup } from "./actions";

const GRID_KEYS: [string, string][] = [
  ["Move in a list", "Up, Down, Page Up, Page Down, Home, End"],
  ["Open the selected row", "Enter"],
  ["Open it in a tab", "Ctrl Enter"],
  ["Menu of the row", "Shift F10"],
  ["Close what is open", "Esc"],
];

export function HelpSheet({ groups, onClose }: { groups: ActionGroup[]; onClose: () => void }) {
  const page = useRegisteredActions();
  const all = [{ title: "On this page", actions: page }, ...groups];
  return (
    <Dialog title="Keyboard shortcuts" icon={IconKeyboard} size="wide" onClose={onClose}>
      <div className="keys">
        {all.map((group) => {
          const actions = group.actions.filter((action) => action.shortcut);
          return (
            actions.length > 0 && (
              <section key={group.title}>
                <h3>{group.title}</h3>
                {actions.map((action) => (
                  <div key={action.id}>
                    <span className="cut">{action.label}</span>
                    <kbd>{keyLabel(action.shortcut ?? "")}</kbd>
                  </div>
                ))}
              </section>
            )
          );
        })}
        <section>
          <h3>Lists</h3>
          {GRID_KEYS.map(([words, keys]) => (
            <div key={words}>
              <span>{words}</span>
              <kbd>{keys}</kbd>
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  );
}
