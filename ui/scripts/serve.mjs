// Serves a built folder as the http host does: one page for every address, the strict policy, one nonce.

import { randomBytes } from "node:crypto";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".svg": "image/svg+xml",
};

export function serve(folder) {
  const server = createServer((request, answer) => {
    const path = normalize(new URL(request.url, "http://x").pathname);
    const file = join(folder, path);
    if (path.startsWith("/assets/") && existsSync(file) && statSync(file).isFile()) {
      answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      createReadStream(file).pipe(answer);
      return;
    }
    const nonce = randomBytes(16).toString("base64");
    answer.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:; connect-src 'self' ipc: http://ipc.localhost`,
    });
    answer.end(readFileSync(join(folder, "index.html"), "utf8").replaceAll("__CSP_NONCE__", nonce));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({ origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }),
    );
  });
}
