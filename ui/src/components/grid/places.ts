// Where a list was left, so that going back shows the same rows. Kept for this run of the window only.
export interface Place {
  top: number;
  cursor?: string;
}

const PLACES_MAX = 100;
const places = new Map<string, Place>();

/** The screen and the list; filters and the selected record do not make another list of it. */
export function placeKey(href: string, grid: string): string {
  return `${href.split("?")[0]} ${grid}`;
}

export function placeOf(key: string): Place | undefined {
  return places.get(key);
}

export function keepPlace(key: string, place: Place): void {
  // The map keeps insertion order, so the first key is the one left longest ago.
  places.delete(key);
  places.set(key, place);
  const oldest = places.keys().next().value;
  if (places.size > PLACES_MAX && oldest !== undefined) places.delete(oldest);
}
