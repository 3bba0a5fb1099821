import { useState } from "react";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Dialog } from "../../components/Dialog";
import { IconSave } from "../../components/icons";
import { Waiting } from "../../components/states";
import { useCall } from "../../ipc/call";
import { saveAndSay } from "../../ipc/files";
import { ErrorView } from "../../ipc/remedies";

/** The whole report, to be read before it leaves the machine. */
export function ReportDialog({ onClose }: { onClose: () => void }) {
  const [asking] = useState(() => crypto.randomUUID());
  const report = useCall("app.report", {}, { fresh: asking });
  const text = report.value?.text;
  return (
    <Dialog
      title="Support report"
      icon={IconSave}
      size="wide"
      onClose={onClose}
      footer={
        <>
          <span className="small t2">It is sent nowhere. Read it, then hand it to whoever helps.</span>
          <span className="grow" />
          {text && <CopyButton text={text} what="Report" words="Copy" />}
          <Button
            kind="primary"
            disabledReason={text ? undefined : "It is being made"}
            onClick={() => text && void saveAndSay("headwater-report.txt", text)}
          >
            Save report
          </Button>
        </>
      }
    >
      {report.loading && <Waiting words="Gathering" onCancel={onClose} />}
      {report.error && <ErrorView error={report.error} onRetry={report.retry} />}
      {text && <pre className="code data breaks tallest selectable">{text}</pre>}
    </Dialog>
  );
}
