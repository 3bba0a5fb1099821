import { Button } from "../components/Button";
import { Glyph } from "../components/Glyph";
import { IconTick, IconTickOff } from "../components/icons";
import { Section } from "../components/layout";
import { Link } from "../components/navigation";
import type { ClusterId } from "../ipc/bindings";
import { usePrefs } from "../ipc/prefs";
import { hrefs } from "../lib/hrefs";
import { STEPS, type Step } from "./tryNext";

/** What to do in the first minutes; gone for good once dismissed. */
export function TryNext({ clusterId, topic }: { clusterId: ClusterId; topic: string | undefined }) {
  const [prefs, setPrefs] = usePrefs();
  if (prefs.tryNextDone) return null;
  const messages = topic ? hrefs.topic(clusterId, topic) : hrefs.topics(clusterId);
  const produce = topic ? hrefs.topic(clusterId, topic, "messages", "?produce=1") : hrefs.topics(clusterId);
  const steps: Record<Step, { words: string; href: string; note?: string }> = {
    watch: { words: `Watch ${topic ?? "a topic"} live`, href: messages },
    record: { words: "Open a record", href: messages, note: "Enter" },
    broker: { words: "Stop a broker", href: hrefs.local(clusterId), note: "leaders move" },
    produce: { words: "Produce one", href: produce },
    connect: { words: "Connect your app", href: hrefs.local(clusterId, "?part=connect") },
  };
  const done = STEPS.filter((step) => prefs.tried.includes(step)).length;
  return (
    <section aria-label="Try next">
      <Section title="Try next" note={`${done} of ${STEPS.length}`}>
        <Button kind="quiet" small onClick={() => setPrefs({ tryNextDone: true })}>
          Dismiss
        </Button>
      </Section>
      <ul className="trynext">
        {STEPS.map((step) => {
          const on = prefs.tried.includes(step);
          const { words, href, note } = steps[step];
          return (
            <li key={step}>
              <Link href={href} className={on ? "done" : ""} name={on ? `${words}, done` : words}>
                <Glyph icon={on ? IconTick : IconTickOff} className={on ? "acc" : "t3"} />
                <span className="grow">{words}</span>
                {note && !on && <span className="label t3">{note}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
