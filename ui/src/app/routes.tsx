// Every address and the view it shows. Search parameters are text; views read them and patch them.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  useParams,
  useSearch,
} from "@tanstack/react-router";
import { useCallback } from "react";
import { useNavigation } from "../components/navigation";
import { Empty } from "../components/states";
import type { ClusterId } from "../ipc/bindings";
import { type TopicView as TopicPart, withSearch } from "../lib/hrefs";
import { parseSearch, type Search, stringifySearch } from "../lib/search";
import { BrokersView } from "../views/brokers/BrokersView";
import { BrokerView } from "../views/brokers/BrokerView";
import { ConnectView } from "../views/connect/ConnectView";
import { GroupsView } from "../views/groups/GroupsView";
import { GroupView } from "../views/groups/GroupView";
import { HistoryView } from "../views/history/HistoryView";
import { LocalView } from "../views/local/LocalView";
import { OverviewView } from "../views/overview/OverviewView";
import { SettingsView } from "../views/settings/SettingsView";
import { TopicView } from "../views/topic/TopicView";
import { TopicsView } from "../views/topics/TopicsView";
import { WelcomeView } from "../views/welcome/WelcomeView";
import { Broken } from "./Broken";
import { history, navigator } from "./navigator";
import { Shell } from "./Shell";

const TOPIC_PARTS = ["messages", "partitions", "groups", "config"];

interface Params {
  clusterId: ClusterId;
  topic: string;
  part: string;
  group: string;
  broker: string;
}

function usePlace() {
  const params = useParams({ strict: false }) as Params;
  const search = useSearch({ strict: false }) as Search;
  const { href } = useNavigation();
  const onSearch = useCallback(
    (patch: Record<string, string | undefined>, options?: { replace?: boolean }) =>
      navigator.go(withSearch(href, patch), options),
    [href],
  );
  return { ...params, search, onSearch };
}

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Empty title="Nothing lives at this address">The rail at the left shows what does.</Empty>
  ),
});

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: WelcomeView }),
  createRoute({
    getParentRoute: () => root,
    path: "/connect",
    component: function Connect() {
      return <ConnectView bootstrap={usePlace().search.bootstrap} />;
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings",
    component: function Settings() {
      const { search, onSearch } = usePlace();
      return <SettingsView search={search} onSearch={(patch) => onSearch(patch, { replace: true })} />;
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/gallery",
    component: lazyRouteComponent(() => import("../views/gallery/GalleryView"), "GalleryView"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/overview",
    component: function Overview() {
      const { clusterId, search, onSearch } = usePlace();
      return (
        <OverviewView
          key={clusterId}
          clusterId={clusterId}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/topics",
    component: function Topics() {
      const { clusterId, search, onSearch } = usePlace();
      return (
        <TopicsView
          key={clusterId}
          clusterId={clusterId}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/topics/$topic/$part",
    component: function Topic() {
      const { clusterId, topic, part, search, onSearch } = usePlace();
      const known = TOPIC_PARTS.includes(part) ? (part as TopicPart) : "messages";
      return (
        <TopicView
          key={`${clusterId} ${topic}`}
          clusterId={clusterId}
          topic={topic}
          part={known}
          search={search}
          onSearch={onSearch}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/groups",
    component: function Groups() {
      const { clusterId, search, onSearch } = usePlace();
      return (
        <GroupsView
          key={clusterId}
          clusterId={clusterId}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/groups/$group",
    component: function Group() {
      const { clusterId, group, search, onSearch } = usePlace();
      return (
        <GroupView
          key={`${clusterId} ${group}`}
          clusterId={clusterId}
          group={group}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/brokers",
    component: function Brokers() {
      const { clusterId } = usePlace();
      return <BrokersView key={clusterId} clusterId={clusterId} />;
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/brokers/$broker",
    component: function Broker() {
      const { clusterId, broker, search, onSearch } = usePlace();
      return (
        <BrokerView
          key={`${clusterId} ${broker}`}
          clusterId={clusterId}
          broker={Number(broker)}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/local",
    component: function Local() {
      const { clusterId, search, onSearch } = usePlace();
      return (
        <LocalView
          key={clusterId}
          clusterId={clusterId}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/c/$clusterId/history",
    component: function History() {
      const { clusterId, search, onSearch } = usePlace();
      return (
        <HistoryView
          key={clusterId}
          clusterId={clusterId}
          search={search}
          onSearch={(patch) => onSearch(patch, { replace: true })}
        />
      );
    },
  }),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  history,
  parseSearch,
  stringifySearch,
  defaultPendingMs: 150,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
