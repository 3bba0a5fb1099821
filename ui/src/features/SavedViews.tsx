// Views of a list under a name: the address with its filters and order.
import { useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { Field, TextInput } from "../components/fields";
import { Glyph } from "../components/Glyph";
import { IconClose, IconView } from "../components/icons";
import { MenuButton, type MenuEntries } from "../components/Menu";
import { useNavigation } from "../components/navigation";
import { usePageActions } from "../components/pageActions";
import type { ClusterId } from "../ipc/bindings";
import { usePrefs } from "../ipc/prefs";

const VIEWS_MAX = 50;
const NAME_LENGTH_MAX = 80;

export function SavedViews({ clusterId, list }: { clusterId: ClusterId; list: string }) {
  const navigation = useNavigation();
  const [prefs, setPrefs] = usePrefs();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const all = prefs.views[clusterId] ?? [];
  const path = navigation.href.split("?")[0] ?? "";
  const mine = all.filter((view) => view.href.split("?")[0] === path);
  const put = (views: typeof all) => setPrefs({ views: { ...prefs.views, [clusterId]: views } });
  const save = () => {
    const words = name.trim();
    if (words === "") return;
    put(
      [...all.filter((view) => view.name !== words), { name: words, href: navigation.href }].slice(
        -VIEWS_MAX,
      ),
    );
    setNaming(false);
    setName("");
  };
  usePageActions([
    { id: `${list}.view.save`, label: "Save this view", icon: IconView, run: () => setNaming(true) },
    ...mine.map((view) => ({
      id: `${list}.view ${view.name}`,
      label: `View: ${view.name}`,
      icon: IconView,
      run: () => navigation.go(view.href),
    })),
  ]);
  const entries: MenuEntries = [
    ...mine.map((view) => ({ label: view.name, icon: IconView, run: () => navigation.go(view.href) })),
    ...(mine.length > 0 ? (["line"] as const) : []),
    { label: "Save this view…", run: () => setNaming(true) },
    ...mine.map((view) => ({
      label: `Forget “${view.name}”`,
      icon: IconClose,
      run: () => put(all.filter((other) => other !== view)),
    })),
  ];
  return (
    <>
      <MenuButton entries={entries}>
        <button
          type="button"
          className="btn sm q"
          aria-label={mine.length > 0 ? `Views ${mine.length}` : "Views"}
        >
          <Glyph icon={IconView} small />
          <span className="roomy">Views</span>
          {mine.length > 0 && mine.length}
        </button>
      </MenuButton>
      {naming && (
        <Dialog
          title="Save this view"
          icon={IconView}
          onClose={() => setNaming(false)}
          footer={
            <>
              <span className="small t2">Filters and order, kept on this machine.</span>
              <span className="grow" />
              <Button onClick={() => setNaming(false)}>Cancel</Button>
              <Button
                kind="primary"
                disabledReason={name.trim() === "" ? "Enter a name" : undefined}
                onClick={save}
              >
                Save view
              </Button>
            </>
          }
        >
          <div className="pad stack">
            <Field label="Name">
              <TextInput
                ui
                autoFocus
                name="View name"
                lengthMax={NAME_LENGTH_MAX}
                value={name}
                onChange={setName}
                onEnter={save}
              />
            </Field>
          </div>
        </Dialog>
      )}
    </>
  );
}
