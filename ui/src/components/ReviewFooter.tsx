import { Button } from "./Button";

export interface ReviewFooterProps {
  /** Why there is nothing to review yet. */
  problem: string | undefined;
  /** Whether the reason is said beside the buttons too. */
  silent?: boolean;
  onClose: () => void;
  onReview: () => void;
}

/** The foot of a dialog whose answer is looked at as a plan first. */
export function ReviewFooter({ problem, silent, onClose, onReview }: ReviewFooterProps) {
  return (
    <>
      <span className="small t2 cut">{!silent && problem}</span>
      <span className="grow" />
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" disabledReason={problem} onClick={onReview}>
        Review
      </Button>
    </>
  );
}
