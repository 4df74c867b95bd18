import type { Table } from '../../../../knowledge';
import type { Definition } from '../../../../lower/sources';
import { type Change, structOf } from '../../change';
import { type EntryWalk, entryWalksOf } from '../../entry-walks';
import type { Finding } from '../../partner';
import { rootOf, type Site, sitesOf } from '../../sites';
import { covers, sections, useOf } from './read-section';

/** What a function does with the entry that it found by a walk which readers may do in a section. */
interface Found {
	readonly walk: EntryWalk;
	/** All that it does with it, the walk too, is done in one. */
	readonly inside: boolean;
	/** The walk itself is. */
	readonly walked: boolean;
}

/**
 * An entry (`object`, of `struct`) of a container that readers walk (`head`) is found and used under rcu_read_lock() on one side only; `unlink` takes its `member`
 * out. The walk may have come into a function that the patch makes, and that returns the entry.
 */
export function escapedEntries(change: Change): readonly Finding[] {
	const { table } = change.post.sources;
	const [old, now] = [foundIn(table, change.before, change.old), foundIn(table, change.after, change.now)];
	return [...old, ...now].flatMap(({ walk }, index, all) => {
		const struct = structOf(change, walk.entry);
		if (!struct || all.findIndex((each) => each.walk.head === walk.head) !== index) return [];
		const [before, after] = [old, now].map((side) => side.filter((each) => each.walk.head === walk.head));
		const told = (tells: Finding['tells']): readonly Finding[] => [{ words: { object: walk.entry, struct, head: walk.head, unlink: unlinkOf(walk.macro), member: walk.member }, tells }];
		if (before?.length === 1 && after?.length === 1 && before[0]?.inside !== after[0]?.inside) {
			// That a caller is inside a section need not be told; a section that ends between the walk and the use tells enough.
			return after[0]?.inside ? [...told('fixes'), ...told('still-fails').flatMap((each) => (returns(change.after, struct, after[0]?.walk, change.now) ? [{ ...each, words: { ...each.words, returned: walk.entry } }] : []))] : after[0]?.walked ? told('introduces') : [];
		}
		return before?.length === 1 && before[0]?.inside && after?.length === 0 && isReturned(change, struct) ? told('introduces') : [];
	});
}

const READERS = /_rcu(?:_bh|_notrace)?$/;

function foundIn(table: Table, definition: Definition, sites: readonly Site[]): readonly Found[] {
	const { body } = definition.fn;
	const within = sections(sites);
	return entryWalksOf(definition).filter(({ macro }) => READERS.test(macro)).map((walk) => {
		const names = namesOf(walk);
		const lines = body.text.split('\n').flatMap((text, index) => (names.some((name) => useOf(table, name).test(text)) ? [body.line + index] : []));
		const walked = covers(within, walk.node.line);
		const kept = sites.some((site) => covers(within, site.line) && takesHold(site, names));
		return { walk, walked, inside: walked && (kept || lines.filter((line) => line >= walk.node.line).every((line) => covers(within, line))) };
	});
}

/** The entry's variable, and those that are set from it in the walk. */
const namesOf = ({ node, entry }: EntryWalk): readonly string[] => [entry, ...[...node.text.matchAll(new RegExp(`\\b([A-Za-z_]\\w*)\\s*=\\s*${entry}\\s*;`, 'g'))].map(([, name = '']) => name)];

const takesHold = ({ row, api, args }: Site, names: readonly string[]): boolean =>
	(row ? row.effect === 'get' || row.effect === 'get-unless-zero' : HOLDS.test(api)) && args.some((arg) => names.includes(rootOf(arg) ?? ''));
const HOLDS = /_(?:get|hold|ref|tryget|lock|trylock)(?:_|$)/;

/** It returns the entry that it has found, and takes no hold of it. */
function returns({ fn }: Definition, struct: string, walk: EntryWalk | undefined, sites: readonly Site[]): boolean {
	const names = walk ? namesOf(walk) : [];
	return new RegExp(`\\bstruct\\s+${struct}\\b`).test(fn.returns) && names.some((name) => new RegExp(`\\breturn\\s+${name}\\s*;`).test(fn.body.text)) && !sites.some((site) => takesHold(site, names));
}

/** A function that the patch makes finds one in a section which it leaves, takes no hold of it, and returns it; what it returned is used here outside of any. */
function isReturned(change: Change, struct: string): boolean {
	const { now, post, pre } = change;
	const { table } = post.sources;
	return now.some(({ api, start }) => {
		const made = pre.functions.has(api) ? undefined : post.functions.get(api);
		if (!made) return false;
		const sites = sitesOf(made, post);
		const leaves = foundIn(table, made, sites).some(({ walk, walked }) => walked && returns(made, struct, walk, sites));
		const { body } = change.after.fn;
		const name = /([A-Za-z_]\w*)\s*=\s*$/.exec(body.text.slice(0, start - body.start))?.[1];
		const within = sections(now);
		return leaves && name !== undefined && body.text.split('\n').some((text, index) => useOf(table, name).test(text) && !covers(within, body.line + index));
	});
}

/** What takes an entry out of a container of this kind, for readers. */
const unlinkOf = (macro: string): string => (/^hash_/.test(macro) ? 'hash_del_rcu' : /^hlist_nulls/.test(macro) ? 'hlist_nulls_del_rcu' : /^hlist/.test(macro) ? 'hlist_del_rcu' : 'list_del_rcu');
