import { Button } from "../components/Button";
import { ErrorBlock } from "../components/ErrorBlock";
import { NavigationProvider } from "../components/navigation";
import { appError } from "../ipc/call";
import { forgetRemembered } from "../ipc/persisted";
import { navigator } from "./navigator";

/** In the place of a page that could not be drawn, or of the whole window. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const forget = () => void forgetRemembered().then(() => location.assign("/"));
  const shown = appError(error);
  return (
    <NavigationProvider value={{ href: "/", returning: false, go: navigator.go, openTab: navigator.openTab }}>
      <ErrorBlock error={{ ...shown, what: "This page could not be drawn" }} onRetry={reset} />
      <div className="pad stack-1">
        <p className="small t2">
          If that does not help, let the window forget its tabs, drafts, pins and looks. Connections, history
          and records stay.
        </p>
        <Button onClick={forget}>Forget what the window remembers</Button>
      </div>
    </NavigationProvider>
  );
}
