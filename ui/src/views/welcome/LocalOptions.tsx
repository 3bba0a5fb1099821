import { Field, Select, TextInput } from "../../components/fields";
import { type LocalChoice, PORT_MIN, portMax, portOf } from "./localChoice";

const COUNTS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export function LocalOptions({
  choice,
  onChange,
}: {
  choice: LocalChoice;
  onChange: (choice: LocalChoice) => void;
}) {
  const wrong = choice.basePort.trim() !== "" && portOf(choice) === undefined;
  return (
    <div className="stack mt-4" role="group" aria-label="Options">
      <Field label="Brokers">
        <Select
          name="Brokers"
          value={String(choice.brokers)}
          options={COUNTS.map((count) => ({ value: count, label: count }))}
          onChange={(brokers) => onChange({ ...choice, brokers: Number(brokers) })}
        />
      </Field>
      <Field label="First port">
        <span className="row">
          <TextInput
            small
            numeric
            size="w-number"
            name="First port"
            placeholder="9092"
            wrong={wrong}
            value={choice.basePort}
            onChange={(basePort) => onChange({ ...choice, basePort })}
          />
          <span className="label t3">
            {wrong
              ? `a number from ${PORT_MIN} to ${portMax(choice)}`
              : "each further broker takes the next one"}
          </span>
        </span>
      </Field>
    </div>
  );
}
