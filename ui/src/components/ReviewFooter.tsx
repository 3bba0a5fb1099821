import { Button } from "./Button";

export interface ReviewFooterProps {
  /** Why there is nothing to review yet. */
  problem: string | undefined;
  /** Whether the reason is said beside the buttons too. */
  silent?: boolean;
  /** Whether the plan is being asked for. */
  running?: boolean;
  onClose: () => void;
  onReview: () => void;
}

/** The foot of a dialog whose answer is looked at as a plan first. */
export function ReviewFooter({ problem, silent, running, onClose, onReview }: ReviewFooterProps) {
  return (
    <>
      <span className="small t2 cut">{!silent && problem}</span>
      <span className="grow" />
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" running={running} disabledReason={problem} onClick={onReview}>
        Review
      </Button>
    </>
  );
}
