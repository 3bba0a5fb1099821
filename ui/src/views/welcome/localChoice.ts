export interface LocalChoice {
  brokers: number;
  basePort: string;
}

export const PORT_MIN = 1;
const PORT_MAX = 65_535;

/** The last port from which each broker still gets one. */
export function portMax({ brokers }: LocalChoice): number {
  return PORT_MAX - brokers + 1;
}

/** Returns the first port as typed, or nothing where none was typed or none is possible. */
export function portOf(choice: LocalChoice): number | undefined {
  const text = choice.basePort.trim();
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port >= PORT_MIN && port <= portMax(choice) ? port : undefined;
}
