// What can be done to a broker of the local cluster, and what each of it means.
import { useState } from "react";
import { Button } from "../components/Button";
import { Glyph } from "../components/Glyph";
import {
  IconBad,
  IconCrash,
  IconCut,
  IconDiskFull,
  IconMore,
  IconPause,
  IconPlay,
  IconPowerCut,
  IconStop,
  type IconType,
  IconWarn,
} from "../components/icons";
import { MenuButton, type MenuEntry } from "../components/Menu";
import { say } from "../components/Toasts";
import type { BrokerRow, BrokerState } from "../ipc/bindings";
import { call, useAct } from "../ipc/call";
import { sayFailed } from "../ipc/failed";
import { DangerDialog } from "./DangerDialog";
import { didTry } from "./tryNext";

interface Fault {
  ask: (broker: number) => Promise<unknown>;
  label: (broker: number) => string;
  /** The word on a narrow button. */
  short: string;
  icon: IconType;
  danger?: boolean;
  done: string;
}

const STOP: Fault = {
  ask: (broker) => call("local.stop_broker", { broker }),
  label: (broker) => `Stop broker ${broker}`,
  short: "Stop",
  icon: IconStop,
  done: "stopped, leaders moved first",
};
const CRASH: Fault = {
  ask: (broker) => call("local.crash_broker", { broker }),
  label: (broker) => `Crash broker ${broker}`,
  short: "Crash",
  icon: IconCrash,
  danger: true,
  done: "crashed",
};
const PAUSE: Fault = {
  ask: (broker) => call("local.pause_broker", { broker }),
  label: (broker) => `Pause broker ${broker}`,
  short: "Pause",
  icon: IconPause,
  done: "stands still",
};
const RESUME: Fault = {
  ask: (broker) => call("local.resume_broker", { broker }),
  label: (broker) => `Resume broker ${broker}`,
  short: "Resume",
  icon: IconPlay,
  done: "goes on",
};
const POWER_CUT: Fault = {
  ask: (broker) => call("local.power_cut_broker", { broker }),
  label: (broker) => `Cut the power of broker ${broker}…`,
  short: "Power cut",
  icon: IconPowerCut,
  danger: true,
  done: "lost its power",
};
const START: Fault = {
  ask: (broker) => call("local.start_broker", { broker }),
  label: (broker) => `Start broker ${broker}`,
  short: "Start",
  icon: IconPlay,
  done: "started",
};

/** A fault of what a broker stands on, its disk or a link; it stays until it is mended. */
function condition(
  kind: "fillDisk" | "failWrite" | "failSync" | "cutFromClients" | "cutFromController",
  rest: Omit<Fault, "ask">,
): Fault {
  return { ...rest, ask: (broker) => call("local.fault", { kind, broker }) };
}

const CONDITIONS: readonly Fault[] = [
  condition("fillDisk", {
    label: (broker) => `Fill the disk of broker ${broker}`,
    short: "Full disk",
    icon: IconDiskFull,
    done: "has a full disk",
  }),
  condition("failWrite", {
    label: (broker) => `Fail the next write of broker ${broker}`,
    short: "Fail a write",
    icon: IconBad,
    done: "will fail at its next write",
  }),
  condition("failSync", {
    label: (broker) => `Fail the next sync of broker ${broker}`,
    short: "Fail a sync",
    icon: IconBad,
    done: "will fail at its next sync",
  }),
  condition("cutFromClients", {
    label: (broker) => `Cut broker ${broker} off from clients`,
    short: "Cut off from clients",
    icon: IconCut,
    done: "is cut off from clients",
  }),
  condition("cutFromController", {
    label: (broker) => `Cut broker ${broker} off from the controller`,
    short: "Cut off from the controller",
    icon: IconCut,
    done: "is cut off from the controller",
  }),
];

function faultsIn(state: BrokerState): readonly Fault[] {
  if (state === "running") return [STOP, CRASH, PAUSE, POWER_CUT, ...CONDITIONS];
  return state === "paused" ? [RESUME, CRASH, POWER_CUT] : [START];
}

const MEANINGS: readonly (readonly [string, string])[] = [
  ["Stop", "moves leaders first."],
  ["Crash", "kills the broker; its files stay as written."],
  ["Pause", "lets it stand still: connections stay open, nobody gets an answer."],
  ["Power cut", "kills it and takes what was never synced to disk; acknowledged records may be lost."],
];

/** What the faults mean, below the brokers they are played to. */
export function FaultMeanings() {
  return (
    <ul className="meanings small t2" aria-label="What the faults mean">
      {MEANINGS.map(([word, meaning]) => (
        <li key={word}>
          <b>{word}</b> {meaning}
        </li>
      ))}
    </ul>
  );
}

function play(fault: Fault, broker: number) {
  fault.ask(broker).then(() => played(fault, broker), sayFailed);
}

const mends = (fault: Fault) => fault === START || fault === RESUME;

function played(fault: Fault, broker: number) {
  if (!mends(fault)) didTry("broker");
  say({ words: `Broker ${broker} ${fault.done}` });
}

export interface FaultEntry extends MenuEntry {
  short: string;
  /** It stops or breaks something. */
  harm: boolean;
}

/** The faults of a broker as entries; a power cut is asked about first. */
export function faultEntries(
  broker: BrokerRow,
  readOnly: boolean,
  onPowerCut: (broker: number) => void,
): FaultEntry[] {
  return faultsIn(broker.state).map((fault) => ({
    label: fault.label(broker.id),
    short: fault.short,
    icon: fault.icon,
    danger: fault.danger,
    harm: !mends(fault),
    disabledReason: readOnly ? "read-only" : undefined,
    run: () => (fault === POWER_CUT ? onPowerCut(broker.id) : play(fault, broker.id)),
  }));
}

const BUTTONS_MAX = 2;

/** The first two with words, the others behind a button. */
export function FaultButtons({ broker, entries }: { broker: number; entries: readonly FaultEntry[] }) {
  const others = entries.slice(BUTTONS_MAX);
  return (
    <span className="row tight">
      {entries.slice(0, BUTTONS_MAX).map((entry) => (
        <Button
          key={entry.label}
          small
          kind="quiet"
          icon={entry.icon}
          name={entry.label}
          disabledReason={entry.disabledReason}
          onClick={entry.run}
        >
          {entry.short}
        </Button>
      ))}
      {others.length > 0 && (
        <MenuButton entries={others}>
          <button type="button" className="btn sm ic q" aria-label={`More for broker ${broker}`}>
            <Glyph icon={IconMore} small />
          </button>
        </MenuButton>
      )}
    </span>
  );
}

/** Asks before the one fault that may lose acknowledged records. */
export function PowerCutDialog({ broker, onClose }: { broker: number; onClose: () => void }) {
  const cut = useAct("local.power_cut_broker", () => {
    played(POWER_CUT, broker);
    onClose();
  });
  return (
    <DangerDialog
      title={`Cut the power of broker ${broker}`}
      icon={IconPowerCut}
      verb="Cut the power"
      act={cut}
      onClose={onClose}
      onDo={() => cut.run({ broker })}
    >
      <p className="row small">
        <Glyph icon={IconWarn} className="bad" />
        What broker {broker} has written and not synced to disk is gone.
      </p>
      <p className="small t2">
        Records that other replicas have come back from them. A partition with no other replica in sync loses
        the newest of its records, acknowledged or not. With log.flush.interval.messages=1 none are lost. This
        cannot be undone.
      </p>
    </DangerDialog>
  );
}

/** Which broker's power is asked about. */
export function usePowerCut() {
  const [broker, setBroker] = useState<number>();
  const dialog =
    broker === undefined ? null : <PowerCutDialog broker={broker} onClose={() => setBroker(undefined)} />;
  return [dialog, setBroker] as const;
}
