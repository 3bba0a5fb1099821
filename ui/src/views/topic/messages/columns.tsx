import { Glyph } from "../../../components/Glyph";
import type { Column } from "../../../components/grid/columns";
import { IconPending } from "../../../components/icons";
import { PreviewText } from "../../../components/text";
import type { RecordRow } from "../../../ipc/bindings";
import { exactDigits, exactNumber, shortNumber } from "../../../lib/numbers";
import { dateTime, shortTime, type TimeZoneMode } from "../../../lib/time";

export function recordColumns(zone: TimeZoneMode): Column<RecordRow>[] {
  return [
    {
      id: "mark",
      head: "Tombstone",
      spoken: true,
      width: "22px",
      narrow: "18px",
      above: 440,
      look: "ico",
      cell: (row) =>
        row.value.kind === "null" && (
          <span title="tombstone">
            <Glyph icon={IconPending} small className="t3" />
          </span>
        ),
    },
    {
      id: "time",
      head: zone === "utc" ? "Time, UTC" : "Time",
      width: "120px",
      narrow: "100px",
      look: "mono",
      // The order is the scan's own; the head only turns it around.
      order: () => 0,
      cell: (row) =>
        row.timestampType === "none" ? (
          <span className="t3">—</span>
        ) : (
          <span title={dateTime(row.timestamp, zone)}>{shortTime(row.timestamp, Date.now(), zone)}</span>
        ),
    },
    { id: "partition", head: "P", width: "34px", narrow: "24px", look: "num", cell: (row) => row.partition },
    {
      id: "offset",
      head: "Offset",
      width: "84px",
      narrow: "62px",
      above: 400,
      look: "num",
      cell: (row) => exactDigits(row.offset),
    },
    {
      id: "key",
      head: "Key",
      width: "minmax(104px,0.5fr)",
      narrow: "minmax(84px,0.7fr)",
      look: "mono after",
      cell: (row) => <PreviewText preview={row.key} what="key" />,
    },
    {
      id: "value",
      head: "Value",
      width: "minmax(120px,2.4fr)",
      narrow: "minmax(60px,1fr)",
      look: "mono soft",
      cell: (row) => <PreviewText preview={row.value} what="value" />,
    },
    {
      id: "headers",
      head: "Hdr",
      width: "44px",
      look: "num",
      above: 640,
      cell: (row) => (row.headers === 0 ? <span className="t3">0</span> : row.headers),
    },
    {
      id: "bytes",
      head: "Size, B",
      width: "72px",
      look: "num",
      above: 560,
      cell: (row) => (
        <span title={`${exactNumber(row.bytes)} B: key, value and headers`}>{shortNumber(row.bytes)}</span>
      ),
    },
  ];
}
