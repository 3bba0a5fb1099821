// Where a link goes is decided by the app; parts below it only say which noun was meant.
import { createContext, type MouseEvent, type ReactNode, useContext } from "react";
import { safeWords } from "../lib/safeText";

export interface Navigation {
  href: string;
  /** The address was shown before: back, forward, or another tab. */
  returning: boolean;
  go: (href: string, options?: { replace?: boolean }) => void;
  /** Opens a tab and shows it. */
  openTab: (href: string) => void;
}

const Context = createContext<Navigation>({
  href: "/",
  returning: false,
  go: () => undefined,
  openTab: () => undefined,
});

export const NavigationProvider = Context.Provider;

export function useNavigation(): Navigation {
  return useContext(Context);
}

/** True when the person asked for a tab of its own: Ctrl, Cmd, or the middle button. */
export function wantsTab(event: { ctrlKey: boolean; metaKey: boolean; button?: number }): boolean {
  return event.ctrlKey || event.metaKey || event.button === 1;
}

export interface LinkProps {
  href: string;
  children: ReactNode;
  className?: string;
  name?: string;
  current?: boolean;
  title?: string;
}

/** Every noun is a link: click goes there, Ctrl, Cmd or middle click opens a tab. */
export function Link({ href, children, className, name, current, title }: LinkProps) {
  const navigation = useNavigation();
  const follow = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (wantsTab(event)) navigation.openTab(href);
    else navigation.go(href);
  };
  return (
    <a
      href={href}
      className={className}
      aria-label={name === undefined ? undefined : safeWords(name)}
      title={title === undefined ? undefined : safeWords(title)}
      aria-current={current ? "page" : undefined}
      onClick={follow}
      onAuxClick={(event) => event.button === 1 && follow(event)}
      // The middle button would start scrolling the pane instead of opening the tab.
      onMouseDown={(event) => event.button === 1 && event.preventDefault()}
      draggable={false}
    >
      {children}
    </a>
  );
}
