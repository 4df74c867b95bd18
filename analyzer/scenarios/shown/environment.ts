import type { Definition } from '../../lower/sources';
import { isWhole } from '../../parse';
import { roleOf, slotsOf } from '../callers/roles';
import { PARTNERS_BOUND } from '../scenario';
import type { Side } from '../sides/side';
import type { Models } from '../sides/sources';
import { conflict, type Summary } from '../digests/summary';

/** What a function of that name does, where it could be lowered. */
type SummaryOf = (name: string) => Summary | null;

/** `ENVIRONMENT(role, lock)`: who keeps out others by that lock is only for code that takes it. */
const lockOf = ({ fn }: Definition): string | undefined => fn.annotations.map((each) => /^ENVIRONMENT\(\s*\w+\s*,\s*(\w+)\s*\)/.exec(each)?.[1]).find((each) => each !== undefined);
const underLock = (model: Definition, own: Summary): boolean => {
	const lock = lockOf(model);
	return lock === undefined || [...own.locks].some((key) => key.endsWith(`.${lock}`));
};

/** `CONCERNS(page.mapping, page.__locked)`: only for code that touches one of these fields, or takes a lock of one of these names. */
function concerns({ fn }: Definition, own: Summary): boolean {
	const told = fn.annotations.flatMap((each) => /^CONCERNS\((.*)\)$/.exec(each)?.[1]?.split(',').map((name) => name.trim()) ?? []);
	return told.length === 0 || told.some((name) => own.reads.has(name) || own.writes.has(name) || [...own.locks].some((key) => key.endsWith(name)));
}

/** `PLAYED(inode_operations.setattr)`: who fills that slot is who does so, where all that he does is in sight. */
function inSight(side: Side, models: Models, model: string, summaryOf: SummaryOf): string {
	const slots = models.functions.get(model)?.fn.annotations.flatMap((each) => /^PLAYED\((.*)\)$/.exec(each)?.[1]?.split(',').map((slot) => slot.trim()) ?? []) ?? [];
	const players = [...side.functions.values()].filter(({ fn }) => isWhole(fn) && slotsOf(side, fn.name).some((slot) => slots.includes(slot))).map(({ fn }) => fn.name);
	const [only, ...others] = players;
	return only !== undefined && others.length === 0 && summaryOf(only)?.blind === false ? only : model;
}

/** The environment's threads that the role names, or that touch what the function touches; where a function in sight is who does that, this one. */
export function environment(side: Side, models: Models, definition: Definition, own: Summary, summaryOf: SummaryOf): readonly string[] {
	const role = roleOf(side, definition);
	const named = role?.row.against?.filter((name) => models.functions.has(name)) ?? [];
	// All of it is in sight, and none of it touches what they work on: a driver's pages are in no file's page cache.
	const against = isWhole(definition.fn) && !own.blind ? named.filter((name) => models.functions.get(name)?.fn.params.some(({ type }) => own.types.has(/\bstruct\s+(\w+)/.exec(type)?.[1] ?? ''))) : named;
	if (named.length > 0) return [...against.map((name) => inSight(side, models, name, summaryOf)), ...models.environment.filter((each) => lockOf(each) !== undefined && underLock(each, own)).map((each) => each.fn.name).filter((name) => !against.includes(name))];
	// One that works on a single cell (an entry of a page table) is for who reads such cells.
	const concerned = models.environment.filter((each) => concerns(each, own)).filter(({ fn }) => fn.params.every(({ type }) => /\bstruct\b/.test(type) || own.reads.has(`*${type.replace(/[\s*]+$/, '')}`)));
	return concerned.filter((each) => underLock(each, own)).map((each) => each.fn.name).filter((name) => {
		const summary = summaryOf(name);
		return summary !== null && conflict(own, summary) >= 6;
	}).slice(0, PARTNERS_BOUND);
}
