/** Deeper calls, and longer threads, are not inlined; it is said. */
export const CALL_DEPTH_BOUND = 10;
export const OPERATIONS_BOUND = 1_200;
/** A callee of more operations, that the patch does not change, is not inlined, so that the thread's own are. */
export const CALLEE_BOUND = 400;
/** Loops are left after this many rounds. */
export const LOOP_BOUND = 2;
