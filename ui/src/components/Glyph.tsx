import type { IconType } from "./icons";

export interface GlyphProps {
  icon: IconType;
  small?: boolean;
  className?: string;
}

/** An icon beside a word; never the only carrier of meaning, so it is hidden from screen readers. */
export function Glyph({ icon: Icon, small, className = "" }: GlyphProps) {
  return (
    <Icon className={`i ${small ? "s" : ""} ${className}`} size={small ? 14 : 16} stroke={1.5} aria-hidden />
  );
}
