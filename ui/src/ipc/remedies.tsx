// An ErrorBlock whose remedies can call operations, and which names the cluster it speaks of.
import { ErrorBlock, type ShownError } from "../components/ErrorBlock";
import { say } from "../components/Toasts";
import type { AppError } from "./bindings";
import { appError, callNamed } from "./call";
import { useCluster } from "./cluster";

export function ErrorView({
  error,
  onRetry,
  flush,
}: {
  error: AppError;
  onRetry?: () => void;
  flush?: boolean;
}) {
  const onCall = (op: string, request: unknown) => {
    callNamed(op, request).then(
      () => onRetry?.(),
      (cause: unknown) => say({ words: appError(cause).what, bad: true }),
    );
  };
  const name = useCluster(error.at.connection)?.name;
  const named: ShownError = { ...error, at: { ...error.at, connection: name ?? error.at.connection } };
  return <ErrorBlock error={named} onRetry={onRetry} onCall={onCall} flush={flush} />;
}
