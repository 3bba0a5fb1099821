// An ErrorBlock whose remedies can call operations.
import { ErrorBlock } from "../components/ErrorBlock";
import { say } from "../components/Toasts";
import type { AppError } from "./bindings";
import { appError, callNamed } from "./call";

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
  return <ErrorBlock error={error} onRetry={onRetry} onCall={onCall} flush={flush} />;
}
