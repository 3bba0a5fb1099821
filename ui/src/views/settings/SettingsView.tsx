import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Field, Segmented, Toggle } from "../../components/fields";
import { IconSave } from "../../components/icons";
import { Head, Page, Section } from "../../components/layout";
import { useCall } from "../../ipc/call";
import { type Density, type ThemeChoice, usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import { bytes } from "../../lib/numbers";
import type { Search } from "../../lib/search";
import type { TimeZoneMode } from "../../lib/time";
import { LicencesDialog } from "./LicencesDialog";
import { ReportDialog } from "./ReportDialog";

export interface SettingsViewProps {
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function SettingsView({ search, onSearch }: SettingsViewProps) {
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
            <dt>Numbers</dt>
            <dd>every 2 s while a screen shows them, every 10 s otherwise</dd>
            <dt>Scans</dt>
            <dd>64 MB of payloads in memory each, the rest in files that are deleted at exit</dd>
            <dt>Secrets</dt>
            <dd>none are kept yet: connections have no passwords</dd>
            <dt>Sends</dt>
            <dd>nothing anywhere</dd>
          </dl>
        )}
        <div className="line mt-4" />
        <Section title="Files" note={info.value && <span className="mono-data">{info.value.dataDir}</span>} />
        <Files />
        <div className="line mt-4" />
        <Section title="Support report" note="what runs here, without secrets, names or addresses" />
        <div className="pad-x">
          <Button icon={IconSave} onClick={() => onSearch({ report: "1" })}>
            Make a report…
          </Button>
        </div>
        <div className="line mt-4" />
        <Section title="Licences" note="Apache-2.0, and what it is made of" />
        <div className="pad-x">
          <Button onClick={() => onSearch({ licences: "1" })}>Show licences…</Button>
        </div>
        <div className="mt-4" />
      </div>
      {search.licences && <LicencesDialog onClose={() => onSearch({ licences: undefined })} />}
      {search.report && <ReportDialog onClose={() => onSearch({ report: undefined })} />}
    </Page>
  );
}

function Files() {
  const files = useCall("app.files", {});
  if (files.error) return <ErrorView error={files.error} onRetry={files.retry} />;
  return (
    <dl className="kv">
      {(files.value ?? []).map((file) => (
        <div key={file.path} style={{ display: "contents" }}>
          <dt>{file.what}</dt>
          <dd className="row tight">
            <span className="mono wrap">{file.path}</span>
            <CopyButton text={file.path} what="Path" />
            <span className="t3">{bytes(file.bytes)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
