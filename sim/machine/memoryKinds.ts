/** Which memory a machine has; `weakMemory` says what that means. */
export const SC = 0, TSO = 1, WEAK = 2;
