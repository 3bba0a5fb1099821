import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { IconSave } from "../../components/icons";
import { Head, Page, Section } from "../../components/layout";
import { useCall } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";
import { bytes } from "../../lib/numbers";
import type { Search } from "../../lib/search";
import { LicencesDialog } from "./LicencesDialog";
import { LookPart } from "./LookPart";
import { ProgramPart } from "./ProgramPart";
import { ReportDialog } from "./ReportDialog";

export interface SettingsViewProps {
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function SettingsView({ search, onSearch }: SettingsViewProps) {
  const info = useCall("app.info", {});
  return (
    <Page>
      <Head title="Settings" facts={<span>kept on this machine</span>} />
      <div className="pane scroll grow line">
        <LookPart host={info.value?.host} />
        <div className="line mt-4" />
        <ProgramPart info={info.value} />
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
