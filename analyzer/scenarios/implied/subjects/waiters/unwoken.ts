import { callsOne, isNamed } from '../../../../knowledge/namings';
import { withoutComments } from '../../../../parse/plain-text';
import type { Change } from '../../change';
import type { Finding, Marked } from '../../partner';
import { escaped, lastWord, placeText, rootOf, type Site } from '../../sites';
import { parentOf, statementAt, twins } from '../../twins';

/** A store of a constant: its place and the value. */
export function constantStored({ post }: Change, text: string): { readonly place: string; readonly value: string } | null {
	const [, api, place, value] = /^\s*(?:([A-Za-z_]\w*)\s*\(\s*&?)?\s*([A-Za-z_]\w*(?:(?:->|\.)\w+)+)\s*[=,]\s*(true|false|[A-Z][A-Z0-9_]+|-?\d+)\s*\)?\s*;/.exec(text) ?? [];
	return place && value && (!api || post.sources.table.rows.get(api)?.effect === 'store') ? { place, value } : null;
}

/** Those of a body, with their lines. */
export function stores(change: Change, body: Change['after']['fn']['body']): readonly { readonly place: string; readonly value: string; readonly line: number }[] {
	return body.text.split('\n').flatMap((text, index) => {
		const found = constantStored(change, text);
		return found ? [{ ...found, line: body.line + index }] : [];
	});
}

/** A call that wakes a queue. */
export interface Wake {
	readonly site: Site;
	readonly queue: string;
}

export const wakes = (sites: readonly Site[]): readonly Wake[] => sites.flatMap((site) => {
	const queue = site.row?.effect === 'wake' ? placeText(site, site.row.at) : null;
	return queue && rootOf(queue) ? [{ site, queue }] : [];
});

/** A wake-up of a queue that is woken nowhere else here, and that the patch does not bring along: of who waits for what was set right before it, or for the end that the function is. */
export function unwoken(change: Change): readonly Finding[] {
	const is = stores(change, change.after.fn.body);
	const old = wakes(change.old);
	return wakes(change.now).flatMap(({ site, queue }): readonly Finding[] => {
		if (change.ways.get(site) !== 'added' || old.some((each) => each.queue === queue) || isBrought(change, queue)) return [];
		const last = is.filter(({ line }) => line < site.line).at(-1);
		const words = { unwoken: queue, call: site.text };
		if (last) return [{ words: { ...words, until: `${last.place} == ${last.value}` }, tells: 'fixes' as const }];
		const marked = isNamed(change.post.sources.table, 'tears-down', change.name) ? beside(change, site) : undefined;
		return marked ? [{ words: { ...words, over: '1' }, tells: 'fixes' as const, marked }] : [];
	});
}

/** A statement of both sides that is done whenever the call is: the last one before it, else the first one behind it. */
function beside(change: Change, site: Site): Marked | undefined {
	const { body } = change.after.fn;
	const statement = statementAt(body, site.line);
	const block = statement && parentOf(body, statement);
	const near = twins(change).filter(({ before, after }) => after.type === 'expression_statement' && before.type === after.type && parentOf(body, after) === block);
	return near.findLast(({ after }) => after.start < site.start) ?? near[0];
}

/** Other lines that the patch adds speak of it, too: it is new, with those who wait there. */
function isBrought({ post }: Change, place: string): boolean {
	const name = new RegExp(`\\b${escaped(lastWord(place))}\\b`);
	return post.changed.flatMap((each) => post.functions.get(each) ?? []).some(({ fn, file }) =>
		withoutComments(fn.body.text).split('\n').some((text, index) => file.place(fn.body.line + index).changed && name.test(text) && !callsOne(post.sources.table, 'wakes', text)));
}
