// What is wrong with the local cluster's disks, links and clock, and how it gets so and ends.
import { useState } from "react";
import { Button } from "../components/Button";
import { Glyph } from "../components/Glyph";
import { IconClock, IconCut, IconDown, IconOk, IconWarn } from "../components/icons";
import { Section } from "../components/layout";
import { MenuButton, type MenuEntry } from "../components/Menu";
import { usePageActions } from "../components/pageActions";
import { say } from "../components/Toasts";
import type { LocalFault, StandingFaultView } from "../ipc/bindings";
import { call, useAct } from "../ipc/call";
import { sayFailed } from "../ipc/failed";
import { ErrorView } from "../ipc/remedies";
import { DangerDialog } from "./DangerDialog";

const HOUR_S = 3_600;

function play(fault: LocalFault, done: string) {
  call("local.fault", fault).then(() => say({ words: done }), sayFailed);
}

const slow = (ms: number, words: string): MenuEntry => ({
  label: `Slow every link by ${words}`,
  icon: IconCut,
  run: () => play({ kind: "delay", ms }, `Every message between brokers takes ${words} longer`),
});

const HOURS: readonly (readonly [number, string])[] = [
  [1, "1 hour"],
  [24, "1 day"],
  [8 * 24, "8 days"],
];

/** A step of the clock that is asked about first. */
interface Step {
  hours: number;
  words: string;
}

const SLOWER: readonly MenuEntry[] = [slow(200, "200 ms"), slow(2_000, "2 s")];

/** Asks before the clock moves: what is older than its retention then is gone, and the clock does not come back. */
function ClockDialog({ step, onClose }: { step: Step; onClose: () => void }) {
  const move = useAct("local.fault", () => {
    say({ words: `It is ${step.words} later for the brokers` });
    onClose();
  });
  const seconds = step.hours * HOUR_S;
  return (
    <DangerDialog
      title={`Move the clock on by ${step.words}`}
      icon={IconClock}
      verb="Move the clock"
      act={move}
      onClose={onClose}
      onDo={() => move.run({ kind: "moveClock", seconds })}
    >
      <p className="row small">
        <Glyph icon={IconWarn} className="bad" />
        Records older than their topic’s retention are then deleted.
      </p>
      <p className="small t2">
        To the brokers it is {step.words} later, and stays so until the cluster is started again. Retention
        and the age of committed offsets see it, timeouts do not.
      </p>
    </DangerDialog>
  );
}

export interface StandingFaultsProps {
  faults: readonly StandingFaultView[];
  /** Why nothing can be changed. */
  refusal?: string;
}

/** What is wrong now, with the way out, and the faults that are no single broker's. */
export function StandingFaults({ faults, refusal }: StandingFaultsProps) {
  const [step, setStep] = useState<Step>();
  const mend = useAct("local.fault", () => say({ words: "Disks and links are mended" }));
  const later = HOURS.map(
    ([hours, words]): MenuEntry => ({
      label: `Move the clock on by ${words}…`,
      icon: IconClock,
      run: () => setStep({ hours, words }),
    }),
  );
  const entries = [...SLOWER, ...later].map((entry) => ({
    ...entry,
    disabledReason: refusal && "read-only",
  }));
  const mends = faults.some((fault) => fault.mends);
  const mendAll = () => mend.run({ kind: "mend" });
  usePageActions([
    ...entries.map((entry) => ({ id: entry.label, harm: true, ...entry })),
    ...(mends ? [{ id: "local.mend", label: "Mend disks and links", icon: IconOk, run: mendAll }] : []),
  ]);
  return (
    <section aria-label="Disks, links, clock">
      <Section title="Disks, links, clock" note={faults.length > 0 ? undefined : "as they should be"}>
        {mends && (
          <Button small running={mend.running} disabledReason={refusal} onClick={mendAll}>
            Mend all
          </Button>
        )}
        <MenuButton entries={entries}>
          <button type="button" className="btn sm">
            Slow links, move the clock
            <Glyph icon={IconDown} small />
          </button>
        </MenuButton>
      </Section>
      {faults.length > 0 && (
        <ul className="pad-x stack-1" aria-label="What is wrong now">
          {faults.map(({ words }) => (
            <li key={words} className="row small">
              <Glyph icon={IconWarn} small className="warn" />
              {words.charAt(0).toUpperCase() + words.slice(1)}
            </li>
          ))}
        </ul>
      )}
      {mend.error && <ErrorView flush error={mend.error} />}
      {step && <ClockDialog step={step} onClose={() => setStep(undefined)} />}
    </section>
  );
}
