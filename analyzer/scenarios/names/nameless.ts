import type { FunctionSource } from '../../parse';

/** How a function was named of which nobody shows more than a label. */
export const NAMELESS = 'nobody shows more of its function than the label ';

/** Of such a function nobody knows what it is given. */
export const isNameless = ({ named }: FunctionSource): boolean => named.startsWith(NAMELESS);
