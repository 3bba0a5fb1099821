// Whether the program behind the page still answers.
import { store } from "../lib/store";

/** Since when it has not answered, milliseconds since the epoch; undefined while it does. */
export const presence = store<number | undefined>(undefined);
