import { useEffect, useMemo, useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { FindInput } from "../../components/fields";
import { byText, type Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconInfo } from "../../components/icons";
import { Empty, Waiting } from "../../components/states";
import { saveAndSay } from "../../ipc/files";
import { counted } from "../../lib/numbers";

interface Licence {
  name: string;
  version: string;
  licence: string;
  from: string;
  home: string;
}

const key = (one: Licence) => `${one.from} ${one.name} ${one.version}`;

const columns: Column<Licence>[] = [
  {
    id: "name",
    head: "Package",
    width: "minmax(160px,1fr)",
    look: "mono",
    order: byText((one) => one.name),
    cell: (one) => one.name,
  },
  { id: "version", head: "Version", width: "96px", look: "mono", cell: (one) => one.version },
  { id: "licence", head: "Licence", width: "minmax(140px,0.9fr)", cell: (one) => one.licence },
  { id: "from", head: "From", width: "56px", cell: (one) => <span className="t3">{one.from}</span> },
];

/** What this program is made of; the list is loaded when it is asked for. */
export function LicencesDialog({ onClose }: { onClose: () => void }) {
  const [all, setAll] = useState<readonly Licence[]>();
  const [text, setText] = useState("");
  useEffect(() => {
    void import("./licences.json").then((list) => setAll(list.default));
  }, []);
  const rows = useMemo(
    () =>
      (all ?? []).filter((one) => `${one.name} ${one.licence}`.toLowerCase().includes(text.toLowerCase())),
    [all, text],
  );
  const source = useListSource(rows, key);
  const lines = rows.map((one) => `${one.name} ${one.version}\t${one.licence}\t${one.home}`);
  return (
    <Dialog
      title="Licences"
      icon={IconInfo}
      size="wide"
      onClose={onClose}
      footer={
        <>
          <span className="small t2">Headwater itself is under Apache-2.0.</span>
          <span className="grow" />
          <Button
            disabledReason={all ? undefined : "It is being read"}
            onClick={() => void saveAndSay("headwater-licences.txt", `${lines.join("\n")}\n`)}
          >
            Save list
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {!all && <Waiting words="Reading the list" />}
      {all && (
        <div className="licences">
          <div className="bar">
            <FindInput
              name="Find a package"
              size="w-find"
              placeholder={`Find in ${counted(all.length, "package")}`}
              value={text}
              onChange={setText}
            />
          </div>
          <DataGrid
            name="Licences"
            source={source}
            columns={columns}
            empty={<Empty title={`0 of ${counted(all.length, "package")} match`} />}
          />
        </div>
      )}
    </Dialog>
  );
}
