// What should never happen goes to the program's own log, so that tests and people see it.
import { call } from "../ipc/call";

const REPORTS_MAX = 20;
let sent = 0;

export function reportViolations() {
  document.addEventListener("securitypolicyviolation", (event) => {
    report(
      `policy ${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
    );
  });
  addEventListener("error", (event) => report(`error ${event.message} at ${event.filename}:${event.lineno}`));
  addEventListener("unhandledrejection", (event) => report(`rejection ${String(event.reason)}`));
}

function report(detail: string) {
  console.error(detail);
  if (sent++ < REPORTS_MAX) call("diag.csp", { detail }).catch(() => undefined);
}
