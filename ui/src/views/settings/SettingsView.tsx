import { CopyButton } from "../../components/CopyButton";
import { Field, Segmented, Toggle } from "../../components/fields";
import { Head, Page, Section } from "../../components/layout";
import { useCall } from "../../ipc/call";
import { type ThemeChoice, usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import type { TimeZoneMode } from "../../lib/time";

export function SettingsView() {
  const [prefs, setPrefs] = usePrefs();
  const info = useCall("app.info", {});
  return (
    <Page>
      <Head title="Settings" facts={<span>kept on this machine</span>} />
      <div className="pane scroll grow line">
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
        </div>
        <div className="line mt-4" />
        <Section title="This program" />
        {info.error && <ErrorView error={info.error} onRetry={info.retry} />}
        {info.value && (
          <dl className="kv">
            <dt>Version</dt>
            <dd className="mono">{info.value.version}</dd>
            <dt>Shown in</dt>
            <dd>{info.value.host === "tauri" ? "its own window" : "a browser, over loopback"}</dd>
            <dt>Platform</dt>
            <dd className="mono">{info.value.platform}</dd>
            <dt>Data</dt>
            <dd className="mono row tight">
              {info.value.dataDir} <CopyButton text={info.value.dataDir} what="Data folder" />
            </dd>
            <dt>Sends</dt>
            <dd>nothing anywhere</dd>
          </dl>
        )}
      </div>
    </Page>
  );
}
