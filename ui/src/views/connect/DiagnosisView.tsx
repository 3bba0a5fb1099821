import { useState } from "react";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Glyph } from "../../components/Glyph";
import { IconAgain, IconBad, IconOk, IconPending, IconRunning, IconWarn } from "../../components/icons";
import { PanelViews, Section } from "../../components/layout";
import { useNavigation } from "../../components/navigation";
import type { ClusterId, Diagnosis, Stage, StageState } from "../../ipc/bindings";
import { useCluster } from "../../ipc/cluster";
import { ErrorView } from "../../ipc/remedies";
import { hrefs } from "../../lib/hrefs";

const NAMES: Record<Stage["name"], string> = {
  name: "Name",
  tcp: "TCP",
  apiversions: "Protocol",
  metadata: "Metadata",
  advertised: "Advertised",
};

const ICONS = {
  pending: [IconPending, "t3"],
  running: [IconRunning, "acc spin"],
  ok: [IconOk, "ok"],
  failed: [IconBad, "bad"],
  skipped: [IconPending, "t3"],
} as const satisfies Record<StageState, unknown>;

export interface DiagnosisViewProps {
  diagnosis: Diagnosis;
  cancelled: boolean;
  onAgain: () => void;
}

/** Each server's stages as they happen, then the addresses the cluster gives out. */
export function DiagnosisView({ diagnosis, cancelled, onAgain }: DiagnosisViewProps) {
  const [picked, setPicked] = useState<string>();
  const server = diagnosis.servers.find((one) => one.address === picked) ?? diagnosis.servers[0];
  return (
    <>
      <PanelViews
        name="Servers"
        current={server?.address ?? ""}
        onPick={setPicked}
        items={diagnosis.servers.map((one) => ({
          id: one.address,
          label: one.address,
          note: <Summary stages={one.stages} />,
        }))}
      />
      <div className="pad" role="tabpanel" aria-live="polite">
        {server?.stages.map((stage) => (
          <StageLine key={stage.name} label={NAMES[stage.name]} stage={cancelled ? stopped(stage) : stage} />
        ))}
        {diagnosis.error && !cancelled && <ErrorView error={diagnosis.error} onRetry={onAgain} />}
      </div>
      {diagnosis.advertised.length > 0 && (
        <>
          <div className="line" />
          <Section title="Advertised addresses" note="clients connect to these after the first answer" />
          <div className="pad-x">
            {diagnosis.advertised.map((one) => (
              <StageLine
                key={one.broker}
                label={`Broker ${one.broker}`}
                stage={one.stage}
                address={one.address}
              />
            ))}
          </div>
        </>
      )}
      {diagnosis.known && !cancelled && <KnownAlready clusterId={diagnosis.known} />}
      <div className="pad row">
        {cancelled && <span className="small t2">Stopped. The form is as you left it.</span>}
        {diagnosis.verdict === "ok" && !cancelled && (
          <span className="st small ok">
            <Glyph icon={IconOk} />
            Reachable{diagnosis.kafka ? `, ${diagnosis.kafka}` : ""}
          </span>
        )}
        {(cancelled || diagnosis.verdict !== "running") && (
          <>
            {(cancelled || !diagnosis.error) && (
              <Button small icon={IconAgain} onClick={onAgain}>
                Check again
              </Button>
            )}
            <CopyButton text={report(diagnosis)} what="Report" words="Copy report" />
          </>
        )}
      </div>
    </>
  );
}

/** A second connection to one cluster can have other rules than the first, and seldom should. */
function KnownAlready({ clusterId }: { clusterId: ClusterId }) {
  const known = useCluster(clusterId);
  const navigation = useNavigation();
  if (!known) return null;
  return (
    <div className="pad-x row small" role="status">
      <Glyph icon={IconWarn} className="warn" />
      <span>
        This cluster is in the list already, as <b>{known.name}</b> ({known.environment.toUpperCase()}
        {known.readOnly ? ", read-only" : ""}). A second connection has its own environment and lock.
      </span>
      <Button small onClick={() => navigation.go(hrefs.overview(clusterId))}>
        Open it
      </Button>
    </div>
  );
}

function StageLine({ label, stage, address }: { label: string; stage: Stage; address?: string }) {
  const [icon, tone] = ICONS[stage.state];
  const reached = stage.state !== "pending" && stage.state !== "skipped";
  return (
    <div className={`stage ${reached ? "" : "t3"}`}>
      <Glyph icon={icon} className={tone} />
      <span className={`name ${reached ? "b" : ""}`}>{label}</span>
      <span className="cut grow selectable" title={stage.detail}>
        {address && <span className="mono-data">{address} </span>}
        <span className={stage.state === "failed" ? "bad b" : "t2"}>
          {stage.detail || (stage.state === "running" ? "checking" : "not reached")}
        </span>
      </span>
      <span className="mono-data t3">
        {stage.ms !== undefined &&
          stage.ms !== null &&
          (stage.ms < 1 ? "< 1 ms" : `${Math.round(stage.ms)} ms`)}
      </span>
    </div>
  );
}

function stopped(stage: Stage): Stage {
  return stage.state === "running" ? { ...stage, state: "skipped", detail: "stopped" } : stage;
}

function Summary({ stages }: { stages: Stage[] }) {
  const bad = stages.find((stage) => stage.state === "failed");
  if (bad) {
    return (
      <span className="st bad">
        <Glyph icon={IconBad} small />
        {NAMES[bad.name]} failed
      </span>
    );
  }
  const now = stages.find((stage) => stage.state === "running");
  return now ? NAMES[now.name] : stages.every((stage) => stage.state === "ok") ? "ok" : "";
}

function report(diagnosis: Diagnosis): string {
  const servers = diagnosis.servers.flatMap((server) => [
    server.address,
    ...server.stages.map((stage) => `  ${NAMES[stage.name]}: ${stage.state}. ${stage.detail}`),
  ]);
  const advertised = diagnosis.advertised.map(
    (one) => `advertised by broker ${one.broker}: ${one.address}, ${one.stage.state}. ${one.stage.detail}`,
  );
  const error = diagnosis.error ? [`${diagnosis.error.what}. ${diagnosis.error.why}`] : [];
  return [...servers, ...advertised, ...error].join("\n");
}
