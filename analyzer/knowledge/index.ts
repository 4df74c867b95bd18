/** What is known of the kernel: the table of primitives and its loader. */
export { checkedTable } from './checked';
export type { CheckedTable } from './checked';
export { findRow, loadTable } from './load';
export type { LoadedTable, TableFile } from './load';
export type { RoleRow } from './role-row';
export type { Effect, IrqEffect, Place, Row } from './row';
export type { ConstantRow, GuardRow, Table, TypeRow } from './table';
