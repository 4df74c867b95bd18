import { isNamed } from '../../knowledge/namings';
import { roleOf } from '../callers/roles';
import type { Change } from './change';
import { type Site, sitesOf } from './sites';

/** A probe lets others in later, by a call in sight, and by none before. */
export function isUnpublished({ pre, before, old }: Pick<Change, 'pre' | 'before' | 'old'>, { start }: { readonly start: number }): boolean {
	if (roleOf(pre, before)?.row.alone !== 'before') return false;
	const lets = ({ api, row }: Site): boolean => isNamed(pre.sources.table, 'opens', api) || row?.effect === 'spawn' || (row?.effect === 'register' && row.armed === true);
	const first = old.find(lets);
	return first !== undefined && first.start > start;
}

/** Nobody calls the function but those who let others in behind that. */
export function isCalledBeforeAll({ pre, name }: Change): boolean {
	const callers = pre.callers.get(name) ?? [];
	return callers.length > 0 && callers.every((caller) => {
		const before = pre.functions.get(caller);
		const old = before ? sitesOf(before, pre) : [];
		const call = old.find(({ api }) => api === name);
		return before !== undefined && call !== undefined && isUnpublished({ pre, before, old }, call);
	});
}
