import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { ConfigRow } from "../ipc/bindings";
import { settingColumns } from "./settingColumns";

const row: ConfigRow = {
  name: "retention.ms",
  value: "3600000",
  source: "broker",
  default: false,
  sensitive: false,
  readOnly: false,
  type: "long",
};

function cell(columns: ReturnType<typeof settingColumns>, id: string, of: ConfigRow): string {
  const shown = columns.find((column) => column.id === id)?.cell(of, 0);
  return renderToStaticMarkup(<span>{shown}</span>).replaceAll(/<[^>]+>/g, "");
}

it("a setting says where it comes from as seen from a topic, and from a broker", () => {
  expect(cell(settingColumns("topic"), "source", row)).toBe("broker");
  expect(cell(settingColumns("broker"), "source", row)).toBe("set for it");
  expect(settingColumns("broker").map(({ id }) => id)).toEqual(["name", "value", "source", "doc"]);
});

it("a draft stands beside the value that is so", () => {
  const columns = settingColumns("topic", { "retention.ms": "7200000" });
  expect(cell(columns, "value", row)).toBe("1 h 2 h");
  expect(cell(columns, "source", row).trim()).toBe("draft");
});

it("a value that never leaves the broker is hidden, and none is no empty cell", () => {
  expect(cell(settingColumns("broker"), "value", { ...row, sensitive: true, value: undefined })).toBe(
    "hidden",
  );
  expect(cell(settingColumns("broker"), "value", { ...row, value: "" })).toBe("—");
});
