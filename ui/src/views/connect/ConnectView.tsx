// Connecting is a page, so that it has an address and keeps its text; the check runs live beside it.
import { useEffect, useState } from "react";
import { Button } from "../../components/Button";
import { CheckBox, Field, Select, TextInput } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { IconConnect, IconLock, IconPlainText } from "../../components/icons";
import { Head, Page } from "../../components/layout";
import { useNavigation } from "../../components/navigation";
import type { Env, JobId } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { useFeed } from "../../ipc/feed";
import { cancelJob } from "../../ipc/job";
import { useDraft } from "../../ipc/persisted";
import { ErrorView } from "../../ipc/remedies";
import { hrefs } from "../../lib/hrefs";
import { DiagnosisView } from "./DiagnosisView";

const EMPTY = { bootstrap: "", name: "", environment: "dev" as Env, readOnly: false };

const ENVIRONMENTS = [
  { value: "local", label: "LOCAL" },
  { value: "dev", label: "DEV" },
  { value: "staging", label: "STAGING" },
  { value: "prod", label: "PROD" },
] as const;

export function ConnectView({ bootstrap }: { bootstrap: string | undefined }) {
  const navigation = useNavigation();
  const [form, patch, clear] = useDraft("connect", EMPTY);
  const [jobId, setJobId] = useState<JobId>();
  const [cancelled, setCancelled] = useState(false);
  const start = useAct("connect.diagnose", (started) => setJobId(started.jobId));
  const diagnosis = useFeed("diagnosis", jobId ? { jobId } : undefined);
  const add = useAct("clusters.add", ({ clusterId }) => {
    clear();
    navigation.go(hrefs.overview(clusterId));
  });

  const check = (servers: string) => {
    setCancelled(false);
    setJobId(undefined);
    start.run({ bootstrap: servers });
  };

  // An address that came with the page is checked at once; the person has already pressed Connect.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the address starts a check by itself.
  useEffect(() => {
    if (!bootstrap) return;
    patch({ bootstrap });
    check(bootstrap);
  }, [bootstrap]);

  // What was found out is about the address that was checked, not about one that is being typed.
  const type = (text: string) => {
    patch({ bootstrap: text });
    if (running && jobId) cancelJob(jobId);
    setJobId(undefined);
    setCancelled(false);
    start.reset();
    add.reset();
  };
  const running =
    start.running ||
    (jobId !== undefined &&
      !cancelled &&
      diagnosis.value?.verdict !== "ok" &&
      diagnosis.value?.verdict !== "failed" &&
      !diagnosis.error);
  const ready = diagnosis.value?.verdict === "ok" && !cancelled;
  const cancel = () => {
    if (jobId) cancelJob(jobId);
    setCancelled(true);
  };
  const save = () =>
    add.run({
      bootstrap: form.bootstrap.trim(),
      name: form.name.trim() || undefined,
      environment: form.environment,
      readOnly: form.readOnly,
    });
  const noServers = form.bootstrap.trim() === "" ? "Enter bootstrap servers" : undefined;

  return (
    <Page>
      <Head title="Connect to Kafka" facts={<span>the check changes nothing and reads no records</span>} />
      <form
        className="pad stack line under"
        aria-label="Connection"
        onSubmit={(event) => {
          event.preventDefault();
          if (!noServers && !running) check(form.bootstrap.trim());
        }}
      >
        <Field label="Bootstrap servers">
          <TextInput
            name="Bootstrap servers"
            autoFocus={!bootstrap}
            value={form.bootstrap}
            onChange={type}
            placeholder="kafka-1.example.com:9092, kafka-2.example.com:9092"
          />
        </Field>
        <div className="row gap-3 connect-line">
          <Field label="Name">
            <TextInput
              small
              ui
              size="w-name"
              name="Name"
              placeholder="as the cluster calls itself"
              value={form.name}
              onChange={(name) => patch({ name })}
            />
          </Field>
          <Field label="Environment">
            <span className="row">
              <Select
                name="Environment"
                value={form.environment}
                options={ENVIRONMENTS}
                onChange={(environment) =>
                  patch({ environment, readOnly: form.readOnly || environment === "prod" })
                }
              />
              {form.environment === "prod" && <span className="label t3">framed in red everywhere</span>}
            </span>
          </Field>
          <CheckBox label="Read-only" on={form.readOnly} onChange={(readOnly) => patch({ readOnly })} />
        </div>
        {/* Enter in any field checks; a form without a submit button would ignore it. */}
        <button type="submit" className="sr" tabIndex={-1} aria-hidden>
          Check
        </button>
      </form>
      <div className="pane scroll fill grow">
        {start.error && <ErrorView error={start.error} onRetry={() => check(form.bootstrap)} />}
        {diagnosis.error && <ErrorView error={diagnosis.error} onRetry={diagnosis.retry} />}
        {jobId && diagnosis.value && (
          <DiagnosisView
            diagnosis={diagnosis.value}
            cancelled={cancelled}
            onAgain={() => check(form.bootstrap)}
          />
        )}
        {!jobId && !start.running && !start.error && (
          <p className="pad small t2">
            Each server is checked step by step: its name, the connection, the protocol, the cluster behind
            it, and every address it advertises.
          </p>
        )}
        {add.error && <ErrorView error={add.error} onRetry={save} />}
      </div>
      <footer className="foot canvas">
        <span className="row small t2">
          <Glyph icon={form.readOnly ? IconLock : IconPlainText} />
          {form.readOnly ? "Writes will be refused" : "Plain text connection: nothing is encrypted"}
        </span>
        <span className="grow" />
        {running ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <Button kind="quiet" disabledReason={noServers} onClick={save} running={add.running}>
            Save without checking
          </Button>
        )}
        {ready ? (
          <Button kind="primary" icon={IconConnect} onClick={save} running={add.running}>
            Save and open
          </Button>
        ) : (
          <Button
            kind="primary"
            icon={IconConnect}
            running={running}
            disabledReason={noServers}
            onClick={() => check(form.bootstrap.trim())}
          >
            Connect
          </Button>
        )}
      </footer>
    </Page>
  );
}
