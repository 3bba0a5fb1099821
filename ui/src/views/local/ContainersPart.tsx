import { CopyButton } from "../../components/CopyButton";
import { Toggle } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { IconInfo, IconPlay, IconWarn } from "../../components/icons";
import { Section } from "../../components/layout";
import { usePageActions } from "../../components/pageActions";
import { say } from "../../components/Toasts";
import type { LocalPanel } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";

const HOST_GATEWAY = "--add-host=host.docker.internal:host-gateway";

/** The second listener, for programs in containers. Turning it on or off starts the cluster again. */
export function ContainersPart({ panel }: { panel: LocalPanel }) {
  const bootstrap = panel.containersBootstrap ?? undefined;
  const on = bootstrap !== undefined;
  const restart = useAct("local.restart");
  const busy = restart.running;
  const set = (containers: boolean) => {
    if (busy) return;
    // What goes wrong is shown below, where it was asked for.
    restart.run({ containers }, { onSuccess: () => say({ words: done(containers) }) });
  };
  usePageActions([
    {
      id: "local.containers",
      label: on
        ? "Close the local cluster to containers (restarts it)"
        : "Make the local cluster reachable from containers (restarts it)",
      icon: IconPlay,
      run: () => set(!on),
    },
  ]);
  return (
    <section aria-label="Containers">
      <Section title="Containers">
        <Toggle name="Reachable from containers" on={on} onChange={(next) => set(next)} />
      </Section>
      <div className="pad-x stack-1" aria-busy={busy}>
        {busy && (
          <p className="small t2" role="status">
            Starting the cluster again…
          </p>
        )}
        {!busy && on && <Reachable bootstrap={bootstrap} open={panel.containersOpen} />}
        {!busy && !on && (
          <p className="row top small t2">
            <Glyph icon={IconInfo} small />
            The cluster is on loopback only, which a container does not share. Turning this on starts the
            cluster again with a second listener; its data stays.
          </p>
        )}
      </div>
      {restart.error && <ErrorView error={restart.error} onRetry={() => set(!on)} />}
    </section>
  );
}

function done(containers: boolean): string {
  return containers ? "Containers reach the local cluster" : "The local cluster is on loopback only";
}

function Reachable({ bootstrap, open }: { bootstrap: string; open: boolean }) {
  return (
    <>
      <p className="row top">
        <span className="mono-data selectable wrap grow">{bootstrap.replaceAll(",", ",\n")}</span>
        <CopyButton text={bootstrap} what="Address for containers" />
      </p>
      {open ? (
        <p className="row top small">
          <Glyph icon={IconWarn} small className="warn" />
          No bridge of containers was found, so these ports are open on every address of this machine: whoever
          reaches it over its network reaches them too, without a password.
        </p>
      ) : (
        <p className="row top small t2">
          <Glyph icon={IconInfo} small />
          These ports are open for this machine and its containers only.
        </p>
      )}
      <p className="row top small t2">
        <Glyph icon={IconInfo} small />
        With Docker on Linux, run the container with this option:
      </p>
      <p className="row">
        <span className="mono-data selectable wrap grow">{HOST_GATEWAY}</span>
        <CopyButton text={HOST_GATEWAY} what="Option" />
      </p>
    </>
  );
}
