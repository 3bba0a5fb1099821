import { useState } from "react";
import type { AppError, Remedy } from "../ipc/bindings";
import { Button } from "./Button";
import { Glyph } from "./Glyph";
import { IconAgain, IconBad, IconWarn } from "./icons";
import { useNavigation } from "./navigation";
import { SafeLine, SafeText } from "./text";

/** An error with the cluster's name in the place of its id. */
export type ShownError = Omit<AppError, "at"> & {
  at: Omit<AppError["at"], "connection"> & { connection?: string };
};

export interface ErrorBlockProps {
  error: ShownError;
  onRetry?: () => void;
  /** Runs a remedy that calls an operation. */
  onCall?: (op: string, request: unknown) => void;
  /** Without the outer margin, inside a form. */
  flush?: boolean;
}

/** What happened, why, and what to do about it. The only way an error is shown. */
export function ErrorBlock({ error, onRetry, onCall, flush }: ErrorBlockProps) {
  const [open, setOpen] = useState(false);
  const navigation = useNavigation();
  const quiet = error.code === "cancelled" || error.code === "read_only";
  const run = (remedy: Remedy) => {
    const action = remedy.action;
    if (!action) return;
    if (action.kind === "retry") onRetry?.();
    else if (action.kind === "route") navigation.go(action.href);
    else onCall?.(action.op, action.request);
  };
  const usable = error.remedies.filter((remedy) => remedy.action?.kind !== "retry" || onRetry);
  const place = placeOf(error);
  return (
    <div className={`error ${quiet ? "warning" : ""} ${flush ? "flush" : ""}`} role="alert">
      <div className="what">
        <Glyph icon={quiet ? IconWarn : IconBad} className={quiet ? "warn" : "bad"} />
        <SafeLine text={error.what} />
      </div>
      <p className="why">
        <SafeText text={error.why} />
      </p>
      {place.length > 0 && (
        <dl className="kv">
          {place.map(([name, value]) => (
            <div key={name} className="sr-pair" style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd className="mono">
                <SafeLine text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="row">
        {usable.map((remedy, index) =>
          remedy.action ? (
            <Button
              key={remedy.label}
              small
              kind={index === 0 ? "primary" : "plain"}
              icon={remedy.action.kind === "retry" ? IconAgain : undefined}
              onClick={() => run(remedy)}
            >
              {remedy.label}
            </Button>
          ) : (
            <span key={remedy.label} className="t2">
              {remedy.label}
            </span>
          ),
        )}
        {usable.length === 0 && error.retriable && onRetry && (
          <Button small icon={IconAgain} onClick={onRetry}>
            Try again
          </Button>
        )}
        {error.detail && (
          <Button small kind="quiet" expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide detail" : "Show detail"}
          </Button>
        )}
      </div>
      {open && error.detail && (
        <pre className="breaks">
          <SafeText text={error.detail} />
        </pre>
      )}
    </div>
  );
}

function placeOf(error: ShownError): [string, string][] {
  const place: [string, string][] = [];
  const { connection, broker, topic, partition } = error.at;
  if (connection) place.push(["Cluster", connection]);
  if (broker) place.push(["Broker", broker]);
  if (topic)
    place.push([
      "Topic",
      partition === undefined || partition === null ? topic : `${topic}, partition ${partition}`,
    ]);
  if (error.kafka) place.push(["Kafka says", `${error.kafka.name} (${error.kafka.code})`]);
  return place;
}
