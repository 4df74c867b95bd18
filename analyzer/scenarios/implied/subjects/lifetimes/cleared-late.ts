import { namesOf, isNamed } from '../../../../knowledge/namings';
import { dropsByName } from '../../../../lower/unmodelled';
import type { CNode } from '../../../../parse';
import { folded } from '../../../../parse/plain-text';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lastWord, placeText, type Site } from '../../sites';
import { statementAt, statementsOf } from '../../twins';

const clearedBy = (change: Change): RegExp => new RegExp(`^(?:${namesOf(change.post.sources.table, 'writes-once')}\\(\\s*)?([A-Za-z_]\\w*(?:(?:->|\\.)\\w+)+(?:\\[\\w+\\])?)\\s*(?:=|,)\\s*(?:NULL|0)\\s*\\)?;$`);
const PLACE = /^[A-Za-z_]\w*(?:(?:->|\.)\w+)*$/;

/** `pointer` leads to the `object` that `call` frees, and is set to NULL, in the marked statement, on one side only before that. Earlier is the statement that frees. */
export function clearedLate(change: Change): readonly Finding[] {
	const cleared = clearedBy(change);
	const clears = (body: CNode): ReadonlyMap<string, CNode> => new Map(statementsOf(body).flatMap((node) => {
		const pointer = node.type === 'expression_statement' ? cleared.exec(folded(node.text))?.[1] : undefined;
		return pointer ? [[pointer, node] as const] : [];
	}));
	const [old, now] = [clears(change.before.fn.body), clears(change.after.fn.body)];
	return [...now].flatMap(([pointer, after]): readonly Finding[] => {
		const before = old.get(pointer);
		if (!before) return [];
		for (const site of change.now) {
			const object = freed(change, site);
			const twin = change.old.filter(({ text }) => text === site.text);
			const [was] = twin;
			if (!object || !was || twin.length !== 1 || object === pointer || !leads(change, pointer, object)) continue;
			if (was.start > before.start || site.start < after.start) continue;
			const [freeing, freeingNow] = [statementAt(change.before.fn.body, was.line), statementAt(change.after.fn.body, site.line)];
			if (!freeing || !freeingNow || freeing.type === 'if_statement' || freeingNow.type === 'if_statement') continue;
			return [{ words: { pointer, object, call: site.text }, tells: 'fixes', earlier: { before: freeing, after: freeingNow }, marked: { before, after } }];
		}
		return [];
	}).slice(0, 1);
}

function freed(change: Change, site: Site): string | null {
	const { row } = site;
	const place = row?.effect === 'free' ? placeText(site, row.pointer) : row === null || row.effect === 'put' || row.partial === true ? (isNamed(change.post.sources.table, 'frees-or-drops', site.api) || dropsByName(site.api) ? (site.args.findLast((arg) => PLACE.test(arg)) ?? null) : null) : null;
	return place !== null && PLACE.test(place) ? place : null;
}

/** It has its name, or is set from it or read into it. */
const leads = ({ before, after }: Change, pointer: string, object: string): boolean =>
	lastWord(pointer) === object || [before, after].some(({ fn }) => new RegExp(`${escaped(pointer)}\\s*=\\s*${escaped(object)}\\b|\\b${escaped(object)}\\s*=\\s*(?:\\w+\\()?${escaped(pointer)}`).test(fn.body.text));
