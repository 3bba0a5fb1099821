// The states a picture or a test asks for, named in the browser's own storage before the page loads.
export type Scenario = "full" | "empty" | "hostile" | "failing" | "welcome" | "prod" | "huge";

export function scenario(): Scenario {
  return (localStorage.getItem("headwater.scenario") as Scenario | null) ?? "full";
}

/** All fixtures stand still at this moment, so that pictures can be compared. */
export const NOW = Date.UTC(2026, 10, 18, 14, 5, 2, 113);
