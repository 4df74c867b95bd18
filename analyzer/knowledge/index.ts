/** What is known of the kernel: the table of primitives and its loader. */
export { checkedTable } from './checked';
export type { CheckedTable } from './checked';
export { findRow, loadTable } from './load';
export type { LoadedTable, TableFile } from './load';
export type { ConstantRow, Effect, GuardRow, IrqEffect, Place, RoleRow, Row, Table, TypeRow } from './row';
