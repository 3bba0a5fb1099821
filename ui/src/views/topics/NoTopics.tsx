import { Button } from "../../components/Button";
import { IconAdd } from "../../components/icons";
import { Empty } from "../../components/states";
import { counted } from "../../lib/numbers";

export interface NoTopicsProps {
  /** The cluster has none; otherwise the filter matches none. */
  none: boolean;
  of: number;
  text: string;
  refusal: string | undefined;
  onCreate: () => void;
  onShowAll: () => void;
}

export function NoTopics({ none, of, text, refusal, onCreate, onShowAll }: NoTopicsProps) {
  if (none) {
    return (
      <Empty
        title="No topics yet"
        action={
          <Button icon={IconAdd} disabledReason={refusal} onClick={onCreate}>
            Create the first topic
          </Button>
        }
      >
        A topic appears here as soon as something creates it.
      </Empty>
    );
  }
  return (
    <Empty
      title={`0 of ${counted(of, "topic")} match`}
      action={<Button onClick={onShowAll}>Show all topics</Button>}
    >
      {text !== "" && `No name contains “${text}”.`}
    </Empty>
  );
}
