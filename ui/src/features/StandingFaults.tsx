// What is wrong with the local cluster's disks, links and clock, and how it gets so and ends.
import { Button } from "../components/Button";
import { Glyph } from "../components/Glyph";
import { IconClock, IconCut, IconDown, IconOk, IconWarn } from "../components/icons";
import { Section } from "../components/layout";
import { MenuButton, type MenuEntry } from "../components/Menu";
import { usePageActions } from "../components/pageActions";
import { say } from "../components/Toasts";
import type { LocalFault } from "../ipc/bindings";
import { appError, call, useAct } from "../ipc/call";
import { ErrorView } from "../ipc/remedies";

const HOUR_S = 3_600;

function play(fault: LocalFault, done: string) {
  call("local.fault", fault).then(
    () => say({ words: done }),
    (cause: unknown) => say({ words: `${appError(cause).what}. ${appError(cause).why}`, bad: true }),
  );
}

const slow = (ms: number, words: string): MenuEntry => ({
  label: `Slow every link by ${words}`,
  icon: IconCut,
  run: () => play({ kind: "delay", ms }, `Every message between brokers takes ${words} longer`),
});

const later = (hours: number, words: string): MenuEntry => ({
  label: `Move the clock on by ${words}`,
  icon: IconClock,
  run: () =>
    play(
      { kind: "moveClock", seconds: hours * HOUR_S },
      `It is ${words} later for the brokers; retention sees it`,
    ),
});

const OF_ALL: readonly MenuEntry[] = [
  slow(200, "200 ms"),
  slow(2_000, "2 s"),
  later(1, "1 hour"),
  later(24, "1 day"),
  later(8 * 24, "8 days"),
];

export interface StandingFaultsProps {
  /** A sentence each. */
  faults: readonly string[];
  /** Why nothing can be changed. */
  refusal?: string;
}

/** What is wrong now, with the way out, and the faults that are no single broker's. */
export function StandingFaults({ faults, refusal }: StandingFaultsProps) {
  const mend = useAct("local.fault", () => say({ words: "Disks and links are mended" }));
  const entries = OF_ALL.map((entry) => ({ ...entry, disabledReason: refusal && "read-only" }));
  usePageActions([
    ...entries.map((entry) => ({ id: entry.label, harm: true, ...entry })),
    ...(faults.length > 0
      ? [
          {
            id: "local.mend",
            label: "Mend disks and links",
            icon: IconOk,
            run: () => mend.run({ kind: "mend" }),
          },
        ]
      : []),
  ]);
  return (
    <section aria-label="Disks, links, clock">
      <Section title="Disks, links, clock" note={faults.length > 0 ? undefined : "as they should be"}>
        {faults.length > 0 && (
          <Button
            small
            running={mend.running}
            disabledReason={refusal}
            onClick={() => mend.run({ kind: "mend" })}
          >
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
          {faults.map((fault) => (
            <li key={fault} className="row small">
              <Glyph icon={IconWarn} small className="warn" />
              {fault.charAt(0).toUpperCase() + fault.slice(1)}
            </li>
          ))}
        </ul>
      )}
      {mend.error && <ErrorView flush error={mend.error} />}
    </section>
  );
}
