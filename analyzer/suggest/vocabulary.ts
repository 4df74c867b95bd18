import type { Effect } from '../knowledge/row';
import type { Table } from '../knowledge/table';
import type { Definition } from '../lower';
import type { Side, Site } from '../scenarios';
import { lockOf, rootOf, sitesOf } from '../scenarios';
import type { Place } from './place';

/** A call that the code has somewhere, before or after the patch, in the names of the function that is to be edited. */
export interface Word {
	readonly text: string;
	readonly site: Site;
}

/** Functions of the patch's files whose calls are asked for what the failing ones do not say. */
const FUNCTIONS_BOUND = 120;

const RELEASING: ReadonlySet<Effect['effect']> = new Set(['unlock', 'rcu-unlock', 'put', 'free', 'free-rcu']);
const WAITING: ReadonlySet<Effect['effect']> = new Set(['cancel', 'flush', 'rcu-sync']);

const releases = (row: Site['row']): boolean => row !== null && RELEASING.has(row.effect);
export const isRelease = ({ row }: Site): boolean => releases(row);
export const isAcquire = ({ row }: Site): boolean => row !== null && (row.effect === 'lock' || row.effect === 'rcu-lock' || row.effect === 'get');
/** What is switched off for all, and has to be switched on again, is no waiting for one. */
export const waits = ({ row }: Site): boolean => row !== null && WAITING.has(row.effect) && (row.effect !== 'cancel' || (row.wait && row.every !== 'hardirq'));

/** Variables of the function by name, with their types. */
function variables({ fn }: Definition): ReadonlyMap<string, string> {
	const found = new Map(fn.params.map(({ name, type }) => [name, folded(type)]));
	for (const [, type = '', rest = ''] of fn.body.text.matchAll(/^\s*((?:const\s+|static\s+)*(?:struct|union)\s+\w+|[a-z]\w*_t|unsigned long)\s+([^;()]*(?:=[^;]*)?);/gm)) {
		for (const each of rest.split(',')) {
			const [, stars = '', name = ''] = /^\s*(\**)\s*(\w+)/.exec(each) ?? [];
			if (name) found.set(name, folded(`${type} ${stars}`));
		}
	}
	return found;
}

const folded = (type: string): string => type.replace(/\bconst\b/g, '').replace(/\s+/g, '').trim();

/** The calls in terms of the place: a variable that it does not have is its own one of that type. What cannot be said there is left out. */
function inTermsOf(place: Place, from: Definition, sites: readonly Site[]): readonly Word[] {
	if (from.fn.name === place.name) return sites.map((site) => ({ text: site.text, site }));
	const [there, here] = [variables(from), variables(place.after)];
	return sites.flatMap((site): Word[] => {
		const names = [...new Set(site.args.flatMap((arg) => rootOf(arg) ?? (/^[\w\s]*$/.test(arg) ? [] : ['?'])))];
		const other = new Map<string, string>();
		for (const name of names) {
			const type = there.get(name);
			if (type === undefined && here.has(name)) return [];
			if (type === undefined) {
				if (name === '?') return [];
				continue;
			}
			const own = here.get(name) === type ? name : [...here].find(([, each]) => each === type)?.[0];
			if (own === undefined) return [];
			other.set(name, own);
		}
		const text = site.text.replace(/(?<![>.\w])[A-Za-z_]\w*/g, (name) => other.get(name) ?? name);
		return [{ text, site }];
	});
}

/** What the code says: the function itself, before and after the patch, then the others on the schedule, then the rest of its files. */
export function* vocabulary(place: Place, places: readonly Place[], pre: Side | null, post: Side, wanted: (site: Site) => boolean): Generator<Word> {
	const seen = new Set<string>();
	const told = function* (definition: Definition | null, sites: () => readonly Site[]): Generator<Word> {
		if (!definition) return;
		for (const word of inTermsOf(place, definition, sites().filter(wanted))) {
			if (seen.has(word.text)) continue;
			seen.add(word.text);
			yield word;
		}
	};
	for (const each of [place, ...places.filter((other) => other !== place)]) {
		yield* told(each.before, () => each.old);
		yield* told(each.after, () => each.now);
	}
	let looked = 0;
	for (const side of [pre, post]) {
		for (const definition of side?.functions.values() ?? []) {
			if (side && looked++ < FUNCTIONS_BOUND) yield* told(definition, () => sitesOf(definition, side));
		}
	}
}

/** The calls that release what the one takes, by the table: the lock's counterpart with the same arguments, the put of a get. */
export function releaseOf(word: Word, table: Table): readonly string[] {
	const { row, args, api } = word.site;
	if (!row) return [];
	const plain = api.replace(/_(interruptible|killable|nested)$/, '');
	const counterpart = [plain.replace(/_lock(?!.*_lock)/, '_unlock'), plain.replace(/lock/, 'unlock'), plain.replace(/_get$/, '_put'), plain.replace(/^get_/, 'put_'), plain.replace(/_irqsave$/, '_irqrestore').replace(/_lock/, '_unlock'), plain.replace(/^down_(read|write)$/, 'up_$1')]
		.find((name) => name !== api && releases(table.rows.get(name) ?? null));
	if (!counterpart) return [];
	const count = table.rows.get(counterpart)?.args ?? args.length;
	const inside = word.text.slice(word.text.indexOf('(') + 1, -1).split(/,\s*/);
	return [`${counterpart}(${inside.slice(0, Math.min(count, inside.length)).join(', ')})`];
}

export const isLock = (site: Site): boolean => (site.row?.effect === 'lock' || site.row?.effect === 'rcu-lock') && (site.row.effect === 'rcu-lock' || lockOf(site) !== null);
