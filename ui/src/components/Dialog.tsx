import { FocusTrap } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { IconButton } from "./Button";
import { useFocusReturn } from "./focusReturn";
import { Glyph } from "./Glyph";
import { IconClose, type IconType } from "./icons";
import { Layer } from "./Layer";
import { SafeLine } from "./text";

export interface DialogProps {
  title: string;
  icon?: IconType;
  size?: "small" | "wide";
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
}

/** For decisions and forms, never for reading. Esc and the cross close it. */
export function Dialog({ title, icon, size = "small", onClose, children, footer }: DialogProps) {
  const titleId = useId();
  useFocusReturn();
  return (
    <Layer>
      <div className="scrim">
        <FocusTrap active>
          <section
            className={`dialog ${size === "small" ? "small" : ""}`}
            role="dialog"
            aria-modal="true"
            aria-labelledby={titleId}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === "Escape") onClose();
              // The Enter that opened this dialog and is still held presses nothing in it.
              if (event.key === "Enter" && event.repeat) event.preventDefault();
            }}
          >
            <header>
              {icon && <Glyph icon={icon} className="t2" />}
              <h2 id={titleId}>
                <SafeLine text={title} />
              </h2>
              <span className="grow" />
              <IconButton icon={IconClose} name="Close" shortcut="Escape" onClick={onClose} />
            </header>
            <div className="content">{children}</div>
            {footer && <div className="buttons">{footer}</div>}
            {/* Without a field that asks for it, the focus rests here and presses nothing. */}
            <span className="rest" data-autofocus tabIndex={-1} />
          </section>
        </FocusTrap>
      </div>
    </Layer>
  );
}
