// How the window looks: theme, density, times, rail, menu bar.
import { Field, Segmented, Toggle } from "../../components/fields";
import { Section } from "../../components/layout";
import type { HostKind } from "../../ipc/bindings";
import { type Density, type ThemeChoice, usePrefs } from "../../ipc/prefs";
import { isMac } from "../../lib/keys";
import type { TimeZoneMode } from "../../lib/time";

export function LookPart({ host }: { host: HostKind | undefined }) {
  const [prefs, setPrefs] = usePrefs();
  return (
    <>
      <Section title="Look" />
      <div className="pad-x stack">
        <Field label="Theme">
          <Segmented<ThemeChoice>
            name="Theme"
            value={prefs.theme}
            options={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "system", label: "System" },
            ]}
            onChange={(theme) => setPrefs({ theme })}
          />
        </Field>
        <Field label="Rows">
          <Segmented<Density>
            name="Rows"
            value={prefs.density}
            options={[
              { value: "compact", label: "Compact" },
              { value: "comfortable", label: "Comfortable" },
            ]}
            onChange={(density) => setPrefs({ density })}
          />
        </Field>
        <Field label="Times">
          <Segmented<TimeZoneMode>
            name="Times"
            value={prefs.zone}
            options={[
              { value: "local", label: `Local, ${Intl.DateTimeFormat().resolvedOptions().timeZone}` },
              { value: "utc", label: "UTC" },
            ]}
            onChange={(zone) => setPrefs({ zone })}
          />
        </Field>
        <Field label="Rail">
          <span>
            <Toggle
              name="Narrow rail"
              words="Icons only"
              on={prefs.railNarrow}
              onChange={(railNarrow) => setPrefs({ railNarrow })}
            />
          </span>
        </Field>
        {host === "tauri" && !isMac && (
          <Field label="Menu bar">
            <span>
              <Toggle
                name="Menu bar"
                words="Every action in menus too"
                on={prefs.menuBar}
                onChange={(menuBar) => setPrefs({ menuBar })}
              />
            </span>
          </Field>
        )}
      </div>
    </>
  );
}
