// Start: pick the host, open the session, read what was remembered, then draw once.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { createRoot, type Root } from "react-dom/client";
import { ErrorBlock } from "../components/ErrorBlock";
import { NavigationProvider } from "../components/navigation";
import { pickHost } from "../host/pick";
import { appError, queryClient } from "../ipc/call";
import { setHost } from "../ipc/current";
import { drafts } from "../ipc/persisted";
import { prefs } from "../ipc/prefs";
import { openFirstFeeds } from "./firstFeeds";
import { navigator, restoreTabs } from "./navigator";
import { reportViolations } from "./reports";
import { router } from "./routes";
import { tabsStore } from "./tabs";
import { applyDensity, applyScheme, theme } from "./theme";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

export async function boot(element: HTMLElement) {
  const root = createRoot(element);
  setNonce(nonce);
  reportViolations();
  try {
    const host = await pickHost();
    setHost(host);
    await host.start();
    openFirstFeeds(location.pathname);
    await Promise.all([prefs.load(), tabsStore.load(), drafts.load()]);
  } catch (cause) {
    drawFailure(root, element, cause);
    return;
  }
  for (const store of [prefs, tabsStore, drafts]) addEventListener("pagehide", () => store.flush());
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const { theme: choice } = prefs.get();
  const scheme = choice === "system" ? (dark ? "dark" : "light") : choice;
  applyScheme(scheme);
  applyDensity(prefs.get().density);
  restoreTabs();
  root.render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme={scheme} getStyleNonce={() => nonce}>
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>,
  );
}

function drawFailure(root: Root, element: HTMLElement, cause: unknown) {
  applyScheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.render(
    <MantineProvider theme={theme} getStyleNonce={() => nonce}>
      <NavigationProvider
        value={{ href: "/", returning: false, go: navigator.go, openTab: navigator.openTab }}
      >
        <ErrorBlock
          error={appError(cause)}
          onRetry={() => {
            root.unmount();
            void boot(element);
          }}
        />
      </NavigationProvider>
    </MantineProvider>,
  );
}
