// Files that leave the program: by the browser's download, or into the person's folder for downloads.
import { copyAndSay } from "../components/CopyButton";
import { say } from "../components/Toasts";
import type { FileContent } from "../host/host";
import { host } from "./current";
import { sayFailed } from "./failed";

export async function saveAndSay(name: string, content: FileContent): Promise<void> {
  try {
    const path = await host().saveFile(name, content);
    if (path === undefined) say({ words: `${name} handed to the browser` });
    else
      say({
        words: `Saved as ${path}`,
        action: { label: "Copy path", run: () => void copyAndSay(path, "Path") },
      });
  } catch (cause) {
    sayFailed(cause);
  }
}
