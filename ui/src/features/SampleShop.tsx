// The sample shop: open it, pause it, remove it without trace.
import { useState } from "react";
import { Button } from "../components/Button";
import { Glyph } from "../components/Glyph";
import { IconDelete, IconPause, IconPlay, IconShop, IconWarn } from "../components/icons";
import { Section } from "../components/layout";
import { usePageActions } from "../components/pageActions";
import { say } from "../components/Toasts";
import type { ShopStatus } from "../ipc/bindings";
import { useAct } from "../ipc/call";
import { useFeed } from "../ipc/feed";
import { ErrorView } from "../ipc/remedies";
import { exactNumber, rate } from "../lib/numbers";
import { DangerDialog } from "./DangerDialog";

export const SHOP_TOPICS = [
  { name: "orders", partitions: 6, values: "JSON", codec: "lz4", cleanup: "delete 7 d", perSec: 4 },
  {
    name: "payments",
    partitions: 6,
    values: "JSON, headers",
    codec: "all five",
    cleanup: "delete 7 d",
    perSec: 3.3,
  },
  {
    name: "customers",
    partitions: 3,
    values: "JSON, tombstones",
    codec: "none",
    cleanup: "compact",
    perSec: 0.5,
  },
  { name: "page-views", partitions: 6, values: "text", codec: "lz4", cleanup: "delete 1 h", perSec: 10 },
  { name: "shipments", partitions: 3, values: "JSON", codec: "gzip", cleanup: "delete 7 d", perSec: 1.3 },
  {
    name: "orders.retry",
    partitions: 3,
    values: "broken JSON",
    codec: "none",
    cleanup: "delete 7 d",
    perSec: 0.2,
  },
  {
    name: "orders.dlq",
    partitions: 1,
    values: "broken JSON",
    codec: "none",
    cleanup: "delete 7 d",
    perSec: 0.2,
  },
] as const;

export const SHOP_GROUPS = [
  { name: "fulfilment", reads: "orders, payments, orders.retry", does: "keeps up" },
  { name: "analytics", reads: "page-views", does: "falls behind" },
] as const;

export function useShop(local: boolean): ShopStatus | undefined {
  return useFeed("shop", local ? {} : undefined).value;
}

export interface SampleShopProps {
  /** Why nothing can be changed on the cluster. */
  refusal: string | undefined;
  /** Beside something else: no button to remove it. */
  brief?: boolean;
}

export function SampleShop({ refusal, brief }: SampleShopProps) {
  const shop = useShop(true);
  const open = useAct("shop.open", () => say({ words: "The sample shop is open" }));
  const pause = useAct("shop.pause");
  const resume = useAct("shop.resume");
  const [removing, setRemoving] = useState(false);
  const selling = shop?.state === "open";
  const there = shop !== undefined && shop.state !== "absent";
  usePageActions([
    there
      ? {
          id: "shop.pause",
          label: selling ? "Pause the sample shop" : "Continue the sample shop",
          icon: selling ? IconPause : IconPlay,
          run: () => (selling ? pause.run({}) : resume.run({})),
        }
      : {
          id: "shop.open",
          label: "Open the sample shop",
          icon: IconShop,
          disabledReason: refusal,
          run: () => open.run({}),
        },
    ...(there
      ? [
          {
            id: "shop.remove",
            label: "Remove the sample shop",
            icon: IconDelete,
            disabledReason: refusal,
            run: () => setRemoving(true),
          },
        ]
      : []),
  ]);
  return (
    <section aria-label="Sample shop">
      <Section title="Sample shop" note={noteOf(shop)}>
        {there && (
          <>
            <Button
              small
              kind="quiet"
              icon={selling ? IconPause : IconPlay}
              running={pause.running || resume.running}
              onClick={() => (selling ? pause.run({}) : resume.run({}))}
            >
              {selling ? "Pause" : "Continue"}
            </Button>
            {!brief && (
              <Button
                small
                kind="quiet"
                icon={IconDelete}
                disabledReason={refusal}
                onClick={() => setRemoving(true)}
              >
                Remove…
              </Button>
            )}
          </>
        )}
      </Section>
      {!there && shop && (
        <div className="pad-x under stack before-line">
          <p className="small t2">
            A real producer and two groups at about 20 records a second: something to look at, in every
            screen.
          </p>
          <div className="row">
            <Button
              small
              icon={IconShop}
              running={open.running}
              disabledReason={refusal}
              onClick={() => open.run({})}
            >
              Open sample shop
            </Button>
          </div>
        </div>
      )}
      {shop?.problem && !open.error && <ErrorView error={shop.problem} onRetry={() => open.run({})} />}
      {open.error && <ErrorView error={open.error} onRetry={() => open.run({})} />}
      {removing && <RemoveShop onClose={() => setRemoving(false)} />}
    </section>
  );
}

function noteOf(shop: ShopStatus | undefined): string | undefined {
  if (!shop) return undefined;
  if (shop.state === "absent") return "not there";
  if (shop.state === "closed") return "opens with the cluster";
  if (shop.state === "paused") return `paused after ${exactNumber(shop.records)} records`;
  return `${rate(shop.recordsPerSec ?? undefined)} records/s`;
}

function RemoveShop({ onClose }: { onClose: () => void }) {
  const remove = useAct("shop.remove", () => {
    say({ words: "The sample shop is gone, with its topics and groups" });
    onClose();
  });
  return (
    <DangerDialog
      title="Remove the sample shop"
      icon={IconShop}
      verb="Remove sample shop"
      act={remove}
      retry
      onClose={onClose}
      onDo={() => remove.run({})}
    >
      <p className="row small">
        <Glyph icon={IconWarn} className="bad" />
        Its 7 topics with their records and its 2 groups are deleted. Your own topics are not touched.
      </p>
      <p className="mono-data t2">{SHOP_TOPICS.map((topic) => topic.name).join(", ")}</p>
      <p className="mono-data t2">{SHOP_GROUPS.map((group) => group.name).join(", ")}</p>
    </DangerDialog>
  );
}
