// The forms of the topics list. Each ends in a change that is looked at as a plan.
import { AddPartitionsDialog } from "../../features/AddPartitionsDialog";
import { EmptyTopicDialog } from "../../features/EmptyTopicDialog";
import type { Change, ClusterId, TopicRow } from "../../ipc/bindings";
import { CreateTopicDialog } from "./CreateTopicDialog";
import { SettingDialog } from "./SettingDialog";

/** The form that is open. */
export type Doing =
  | { kind: "create" }
  | { kind: "add"; topic: TopicRow }
  | { kind: "empty"; topics: readonly string[] }
  | { kind: "set"; topics: readonly string[]; setting?: string };

export interface TopicDialogsProps {
  clusterId: ClusterId;
  brokers: number;
  doing: Doing;
  onClose: () => void;
  onReview: (change: Change) => void;
  onCreated: () => void;
}

export function TopicDialogs({ clusterId, brokers, doing, onClose, onReview, onCreated }: TopicDialogsProps) {
  const both = { onClose, onReview };
  switch (doing.kind) {
    case "create":
      return (
        <CreateTopicDialog clusterId={clusterId} brokers={brokers} onClose={onClose} onCreated={onCreated} />
      );
    case "add":
      return <AddPartitionsDialog topic={doing.topic.name} now={doing.topic.partitions} {...both} />;
    case "empty":
      return <EmptyTopicDialog topics={doing.topics} {...both} />;
    case "set":
      return <SettingDialog clusterId={clusterId} topics={doing.topics} setting={doing.setting} {...both} />;
  }
}
