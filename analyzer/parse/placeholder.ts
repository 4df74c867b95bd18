/** The name that inserted heads and calls carry where nobody shows theirs; no reader is told of it. */
export const PLACEHOLDER = 'elided_';
