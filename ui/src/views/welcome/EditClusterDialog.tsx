import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { CheckBox, Field, Select, TextInput } from "../../components/fields";
import { IconCluster } from "../../components/icons";
import type { ClusterSummary, Env } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";

const ENVIRONMENTS = (["local", "dev", "staging", "prod"] as const).map((env) => ({
  value: env,
  label: env.toUpperCase(),
}));

export function EditClusterDialog({ cluster, onClose }: { cluster: ClusterSummary; onClose: () => void }) {
  const [name, setName] = useState(cluster.name);
  const [environment, setEnvironment] = useState<Env>(cluster.environment);
  const [readOnly, setReadOnly] = useState(cluster.readOnly);
  const update = useAct("clusters.update", onClose);
  const problem = name.trim() === "" ? "Enter a name" : undefined;
  const save = () =>
    !problem && update.run({ clusterId: cluster.clusterId, name: name.trim(), environment, readOnly });
  return (
    <Dialog
      title={`Edit ${cluster.name}`}
      icon={IconCluster}
      onClose={onClose}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" running={update.running} disabledReason={problem} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <div className="pad stack">
        <Field label="Name">
          <TextInput ui name="Name" autoFocus value={name} onChange={setName} onEnter={save} />
        </Field>
        <Field label="Environment">
          <Select
            name="Environment"
            value={environment}
            options={ENVIRONMENTS}
            onChange={(next) => {
              setEnvironment(next);
              if (next === "prod") setReadOnly(true);
            }}
          />
        </Field>
        <Field label="Writes">
          <CheckBox label="Read-only" on={readOnly} onChange={setReadOnly} />
        </Field>
        {update.error && <ErrorView flush error={update.error} onRetry={save} />}
      </div>
    </Dialog>
  );
}
