/** A text on one line: white space folded. */
export const folded = (text: string): string => text.replace(/\s+/g, ' ').trim();
