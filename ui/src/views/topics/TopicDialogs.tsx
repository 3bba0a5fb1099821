// The forms of the topics list. Each ends in a change that is looked at as a plan.
import { AddPartitionsDialog } from "../../features/AddPartitionsDialog";
import { EmptyTopicDialog } from "../../features/EmptyTopicDialog";
import { PlanForm } from "../../features/PlanForm";
import type { Change, ClusterId, TopicRow } from "../../ipc/bindings";
import { CreateTopicDialog } from "./CreateTopicDialog";
import { SettingDialog } from "./SettingDialog";

/** The form that is open. */
export type Doing =
  | { kind: "create"; byTemplate?: boolean }
  | { kind: "add"; topic: TopicRow }
  | { kind: "empty"; topics: readonly string[] }
  | { kind: "set"; topics: readonly string[]; setting?: string };

export interface TopicDialogsProps {
  clusterId: ClusterId;
  brokers: number;
  doing: Doing;
  onClose: () => void;
  onApplied: (change: Change) => void;
}

export function TopicDialogs({ clusterId, brokers, doing, onClose, onApplied }: TopicDialogsProps) {
  if (doing.kind === "create") {
    return (
      <CreateTopicDialog
        clusterId={clusterId}
        brokers={brokers}
        byTemplate={doing.byTemplate}
        onClose={onClose}
        onApplied={onApplied}
      />
    );
  }
  return (
    <PlanForm clusterId={clusterId} onClose={onClose} onApplied={onApplied}>
      {(asking) => {
        const both = { asking, onClose };
        switch (doing.kind) {
          case "add":
            return <AddPartitionsDialog topic={doing.topic.name} now={doing.topic.partitions} {...both} />;
          case "empty":
            return <EmptyTopicDialog topics={doing.topics} {...both} />;
          case "set":
            return (
              <SettingDialog clusterId={clusterId} topics={doing.topics} setting={doing.setting} {...both} />
            );
        }
      }}
    </PlanForm>
  );
}
