// Home. Without a cluster it is the welcome; with some it lists them, worst first in words.
import { useState } from "react";
import { Button } from "../../components/Button";
import { TextInput } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { IconConnect, IconPlay, IconPromise, IconShop, IconWarn } from "../../components/icons";
import { Head, Page } from "../../components/layout";
import { useNavigation } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { say } from "../../components/Toasts";
import { useAct, useCall } from "../../ipc/call";
import { useClusters } from "../../ipc/cluster";
import { ErrorView } from "../../ipc/remedies";
import { hrefs } from "../../lib/hrefs";
import { counted } from "../../lib/numbers";
import { ClusterTable } from "./ClusterTable";
import { LocalBrings } from "./LocalBrings";
import { LocalOptions } from "./LocalOptions";
import { type LocalChoice, portOf } from "./localChoice";
import { RemovedClusters } from "./RemovedClusters";

const BROKERS = 3;

const SHOP_FIRST = [true, false];
/** With data from before, a plain start is what is meant most likely. */
const PLAIN_FIRST = [false, true];

export function WelcomeView() {
  const navigation = useNavigation();
  const clusters = useClusters();
  const [choice, setChoice] = useState<LocalChoice>({ brokers: BROKERS, basePort: "" });
  const [options, setOptions] = useState(false);
  const [bootstrap, setBootstrap] = useState("");
  const basePort = portOf(choice);
  const portProblem =
    choice.basePort.trim() !== "" && basePort === undefined ? "The first port cannot be that" : undefined;
  const preview = useCall("local.preview", { brokers: choice.brokers, basePort }, { everyMs: 5000 });
  const start = useAct("local.start", (started) => {
    say({
      words: `${counted(started.brokers, "broker")} ready in ${Math.max(1, Math.round(started.readyMs))} ms`,
    });
    navigation.go(hrefs.overview(started.clusterId));
  });

  const existing = preview.value?.existing ?? false;
  const local = clusters?.find((cluster) => cluster.kind === "local");
  const running = local !== undefined && local.state !== "stopped";
  const list = clusters ?? [];
  const troubled = list.filter((cluster) => cluster.problem).length;
  const startLocal = (shop: boolean) => () =>
    !portProblem && start.run({ brokers: choice.brokers, basePort, shop });
  const connect = () => navigation.go(hrefs.connect(bootstrap.trim() || undefined));
  usePageActions([
    {
      id: "local.start.shop",
      label: "Start a local cluster with the sample shop",
      icon: IconShop,
      run: startLocal(true),
      disabledReason: running ? "It runs" : portProblem,
    },
    {
      id: "local.start",
      label: "Start an empty local cluster",
      icon: IconPlay,
      run: startLocal(false),
      disabledReason: running ? "It runs" : portProblem,
    },
    { id: "connect", label: "Connect to Kafka", icon: IconConnect, run: connect },
  ]);

  return (
    <Page>
      <Head
        title={list.length === 0 ? "Welcome" : "Clusters"}
        facts={
          list.length === 0 ? (
            <span>No cluster yet</span>
          ) : (
            <>
              <span>
                <b>{list.length}</b> {list.length === 1 ? "cluster" : "clusters"}
              </span>
              {troubled > 0 && (
                <span>
                  <b>{troubled}</b> with trouble
                </span>
              )}
            </>
          )
        }
        actions={
          running && (
            <Button kind="primary" icon={IconConnect} onClick={connect}>
              Connect to Kafka
            </Button>
          )
        }
      />
      {list.length > 0 && <ClusterTable clusters={list} />}
      <RemovedClusters listed={list.length} />
      {!running && (
        <div className="split line">
          <div className="pane scroll grow">
            <section className="welcome-part" aria-label="Local cluster">
              <h2>Start a local cluster</h2>
              <p>
                {counted(choice.brokers, "broker")} on this machine, ready in under a second. No Docker, no
                Java.
                {existing && " Your data from before is kept."}
              </p>
              {preview.value?.notice && (
                <div className="row small mt-2" role="status">
                  <Glyph icon={IconWarn} className="warn" />
                  <span className="grow wrap">{preview.value.notice}</span>
                  <Button kind="word" onClick={() => setOptions(true)}>
                    Change…
                  </Button>
                </div>
              )}
              <div className="row mt-3">
                {(existing ? PLAIN_FIRST : SHOP_FIRST).map((shop, index) => (
                  <Button
                    key={String(shop)}
                    kind={index === 0 ? "primary" : "plain"}
                    icon={index === 0 ? IconPlay : undefined}
                    running={start.running}
                    disabledReason={portProblem}
                    onClick={startLocal(shop)}
                  >
                    {shop ? "Start with sample shop" : existing ? "Start" : "Start empty"}
                  </Button>
                ))}
                <Button kind="quiet" expanded={options} onClick={() => setOptions(!options)}>
                  Options…
                </Button>
              </div>
              {options && <LocalOptions choice={choice} onChange={setChoice} />}
              {start.error && <ErrorView error={start.error} onRetry={startLocal(false)} />}
            </section>
            <section className="welcome-part line" aria-label="Connect to Kafka">
              <h2>Connect to Kafka</h2>
              <p>Paste bootstrap servers.</p>
              <div className="row">
                <TextInput
                  name="Bootstrap servers"
                  size="w-wide"
                  value={bootstrap}
                  onChange={setBootstrap}
                  onEnter={connect}
                  placeholder="kafka-1.example.com:9092, kafka-2.example.com:9092"
                />
                <Button icon={IconConnect} onClick={connect}>
                  Connect
                </Button>
              </div>
            </section>
            <div className="promise">
              <Glyph icon={IconPromise} />
              Headwater sends nothing anywhere.
            </div>
          </div>
          <div className="pane r brings scroll">
            <LocalBrings brokers={choice.brokers} preview={preview} />
          </div>
        </div>
      )}
    </Page>
  );
}
