// What is set for the program as a whole: how often it asks, how much it keeps, whether it notifies.
import { useState } from "react";
import { Field, Segmented, Select, Toggle } from "../../components/fields";
import { Section } from "../../components/layout";
import { Waiting } from "../../components/states";
import type { AppInfo, AppSettings } from "../../ipc/bindings";
import { useAct, useCall } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";

const LOOKS = [1, 2, 5] as const;
const IDLES = [10, 30, 60, 300] as const;
const MEMORIES = [16, 64, 256, 1024] as const;

export function ProgramPart({ info }: { info: AppInfo | undefined }) {
  const settings = useCall("settings.get", {});
  const put = useAct("settings.put");
  // What was chosen last, so that a second change does not begin with what the first replaced.
  const [chosen, setChosen] = useState<AppSettings>();
  const now = chosen ?? settings.value;
  const set = (patch: Partial<AppSettings>) => {
    if (!now) return;
    const next = { ...now, ...patch };
    setChosen(next);
    put.runAsync(next).catch(() => setChosen(undefined));
  };
  if (settings.error) return <ErrorView error={settings.error} onRetry={settings.retry} />;
  if (!now) return <Waiting words="Reading the settings" />;
  return (
    <>
      <Section title="Numbers and memory" note="offsets, lag and sizes are asked for, never pushed" />
      {put.error && <ErrorView error={put.error} />}
      <div className="pad-x stack">
        <Field label="Ask a shown cluster">
          <Segmented<string>
            name="Ask a shown cluster"
            value={String(now.lookEverySec)}
            options={optionsOf(LOOKS, now.lookEverySec, (sec) => `every ${sec} s`)}
            onChange={(text) => set({ lookEverySec: Number(text) })}
          />
        </Field>
        <Field label="Ask the others">
          <Segmented<string>
            name="Ask the others"
            value={String(now.idleEverySec)}
            options={optionsOf(IDLES, now.idleEverySec, (sec) =>
              sec < 120 ? `every ${sec} s` : `every ${sec / 60} min`,
            )}
            onChange={(text) => set({ idleEverySec: Number(text) })}
          />
        </Field>
        <Field label="Records in memory">
          <span className="row">
            <Select<string>
              name="Records in memory"
              value={String(now.scanMemoryMb)}
              options={optionsOf(MEMORIES, now.scanMemoryMb, (mb) => `${mb} MB`)}
              onChange={(text) => set({ scanMemoryMb: Number(text) })}
            />
            <span className="label t3">of each scan; the rest lies in files that are deleted at exit</span>
          </span>
        </Field>
        {info?.capabilities.notify && (
          <Field label="Notifications">
            <span>
              <Toggle
                name="Notifications"
                words="When a cluster goes away or comes back and the window is not in front"
                on={now.notify}
                onChange={(notify) => set({ notify })}
              />
            </span>
          </Field>
        )}
      </div>
    </>
  );
}

/** The usual choices, and the one that is set where it is another. */
function optionsOf(usual: readonly number[], now: number, label: (value: number) => string) {
  const all = usual.includes(now) ? usual : [...usual, now].sort((a, b) => a - b);
  return all.map((value) => ({ value: String(value), label: label(value) }));
}
