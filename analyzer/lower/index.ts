/** C and rows of the table as programs of tiny operations. What the scenarios ask of single parts they ask those for. */
export { lowerOnce } from './again/lowered-before';
export { Trials } from './again/trials';
export { DROPS, KEEPS, UNNAMED } from './elided/account';
export { byVariable } from './elided/local';
export type { Origin } from './emitted/emitter';
export { sliced } from './emitted/sliced';
export { assignedIn } from './grammar/assigned';
export { outlineSources } from './outline';
export { lower, type Lowered, operationsOf } from './program';
export type { Reading } from './reading';
export type { Definition } from './sources';
export type { Party } from './threads/party';
export { isModelField, lastOf } from './values/access';
export { GLOBALS } from './world/contents';
