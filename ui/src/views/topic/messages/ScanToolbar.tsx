import { type Ref, useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "../../../components/Button";
import { useZone, zoneWord } from "../../../components/clock";
import { Select, TextInput, Toggle } from "../../../components/fields";
import { IconAgain, IconFilter, IconPause, IconPlay, IconStop } from "../../../components/icons";
import { presence } from "../../../host/presence";
import type { ScanState } from "../../../ipc/bindings";
import type { Search } from "../../../lib/search";
import { dateTime, parseTime } from "../../../lib/time";
import { type FromKind, LIMITS } from "./scanParams";

export interface ScanToolbarProps {
  search: Search;
  partitions: number;
  state: ScanState | undefined;
  live: boolean;
  onSearch: (patch: Record<string, string | undefined>) => void;
  onAgain: () => void;
  onPause: () => void;
  onResume: () => void;
  onStop: () => void;
  findRef: Ref<HTMLInputElement>;
}

/** One line that reads as a sentence; every word of it is in the address. */
export function ScanToolbar(props: ScanToolbarProps) {
  const { search, onSearch } = props;
  const from = (search.from as FromKind | undefined) ?? "newest";
  const limit = search.limit ?? "500";
  const limits = LIMITS.includes(limit as (typeof LIMITS)[number]) ? LIMITS : [...LIMITS, limit];
  const lost = useSyncExternalStore(presence.watch, presence.get);
  return (
    <div className="bar" role="toolbar" aria-label="What to read">
      From
      <Select<FromKind>
        name="From"
        value={from}
        options={[
          { value: "newest", label: `Newest ${limit}` },
          { value: "beginning", label: "Beginning" },
          { value: "offset", label: "Offset" },
          { value: "time", label: "Time" },
        ]}
        onChange={(next) => onSearch({ from: next === "newest" ? undefined : next, record: undefined })}
      />
      {from === "offset" && <OffsetField value={search.offset} onSearch={onSearch} />}
      {from === "time" && <TimeField value={search.at} onSearch={onSearch} />}
      <span>
        <span className="roomy">in </span>partitions
      </span>
      <Committed
        name="Partitions"
        size="w-number"
        placeholder={props.partitions > 0 ? `all ${props.partitions}` : "all"}
        value={search.partitions ?? ""}
        onCommit={(partitions) => onSearch({ partitions })}
      />
      limit
      <Select
        name="Limit"
        value={limit}
        options={limits.map((value) => ({ value, label: Number(value).toLocaleString("en-GB") }))}
        onChange={(next) => onSearch({ limit: next === "500" ? undefined : next })}
      />
      <span className="roomy">containing</span>
      <Committed
        ref={props.findRef}
        name="Contains text"
        size="w-flex"
        icon
        placeholder="text in key, value, headers"
        value={search.q ?? ""}
        onCommit={(q) => onSearch({ q })}
      />
      <span className="right">
        <Toggle
          name="Live"
          on={props.live && lost === undefined}
          onChange={(on) => onSearch({ live: on ? undefined : "0" })}
        />
        {lost === undefined && <ScanButtons {...props} />}
      </span>
    </div>
  );
}

/** None without the program: reading again would only lose what is shown. */
function ScanButtons({ state, onAgain, onPause, onResume, onStop }: ScanToolbarProps) {
  switch (state?.state) {
    case "paused":
      return (
        <Button small icon={IconPlay} onClick={onResume}>
          Resume
        </Button>
      );
    case "live":
      return (
        <Button small icon={IconPause} onClick={onPause}>
          Pause
        </Button>
      );
    case "running":
      return (
        <Button small icon={IconStop} onClick={onStop}>
          Stop
        </Button>
      );
    default:
      return (
        <Button small icon={IconAgain} onClick={onAgain}>
          Read again
        </Button>
      );
  }
}

/** A field whose text counts when Enter is pressed or the field is left, not with every letter. */
function Committed(props: {
  name: string;
  size: string;
  placeholder: string;
  value: string;
  icon?: boolean;
  wrong?: (text: string) => boolean;
  onCommit: (text: string | undefined) => void;
  ref?: Ref<HTMLInputElement>;
}) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const commit = () => {
    if (text !== props.value && !props.wrong?.(text)) props.onCommit(text.trim() === "" ? undefined : text);
  };
  return (
    <span className={props.size === "w-flex" ? "flexible" : undefined} onBlur={commit}>
      <TextInput
        ref={props.ref}
        small
        name={props.name}
        size={props.size}
        ui={props.icon}
        icon={props.icon ? IconFilter : undefined}
        placeholder={props.placeholder}
        value={text}
        wrong={props.wrong?.(text)}
        onChange={setText}
        onEnter={commit}
        onEscape={() => setText(props.value)}
        onClear={() => props.onCommit(undefined)}
      />
    </span>
  );
}

function OffsetField({
  value,
  onSearch,
}: {
  value: string | undefined;
  onSearch: ScanToolbarProps["onSearch"];
}) {
  return (
    <Committed
      name="Offset"
      size="w-offset"
      placeholder="0"
      value={value ?? ""}
      wrong={(text) => text !== "" && !/^\d+$/.test(text)}
      onCommit={(offset) => onSearch({ offset, record: undefined })}
    />
  );
}

function TimeField({
  value,
  onSearch,
}: {
  value: string | undefined;
  onSearch: ScanToolbarProps["onSearch"];
}) {
  const zone = useZone();
  const shown = value && /^\d+$/.test(value) ? dateTime(Number(value), zone, false) : "";
  return (
    <Committed
      name={`Time, ${zoneWord(zone)}`}
      size="w-time"
      placeholder="1 hour ago"
      value={shown}
      wrong={(text) => text !== "" && parseTime(text, zone) === undefined}
      onCommit={(text) => {
        const at = text === undefined ? undefined : parseTime(text, zone);
        onSearch({ at: at === undefined ? undefined : String(at), record: undefined });
      }}
    />
  );
}
