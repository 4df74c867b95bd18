import { nameUses } from '../../lower/elided/name-uses';
import { type CParser, isWhole } from '../../parse';
import type { Side } from '../sides/side';
import { type Site, sitesOf } from './sites';
import type { Definition } from '../../lower/sources';
import { madeUp } from '../../lower/elided/local';

/** How the patch deals with a call: it stands on both sides elsewhere (`moved`), alike (`kept`), or on one side only. */
export type Way = 'added' | 'removed' | 'moved' | 'kept';

/** A changed function with its calls before and after the patch. */
export interface Change {
	readonly parser: CParser;
	readonly name: string;
	readonly pre: Side;
	readonly post: Side;
	readonly before: Definition;
	readonly after: Definition;
	readonly old: readonly Site[];
	readonly now: readonly Site[];
	/** Of either side. */
	readonly ways: ReadonlyMap<Site, Way>;
	/** Keys by which the function's code, on either side, names threads that it starts or stops. */
	threadKeys(): readonly string[];
	/** All of the function after the patch is in sight. */
	readonly whole: boolean;
}

/** null for a function that one side does not have. */
export function changeOf(parser: CParser, name: string, pre: Side, post: Side, keysOf: (definition: Definition, side: Side) => readonly string[]): Change | null {
	const [before, after] = [pre.functions.get(name), post.functions.get(name)];
	if (!before || !after) return null;
	const [old, now] = [sitesOf(before, pre), sitesOf(after, post)];
	const ways = new Map<Site, Way>();
	const [gone, come] = [old.filter((site) => site.changed), now.filter((site) => site.changed)];
	const rest = [...gone];
	for (const site of come) {
		const at = rest.findIndex((other) => other.text === site.text);
		const twin = at >= 0 ? rest.splice(at, 1)[0] : undefined;
		if (twin) ways.set(twin, 'moved');
		ways.set(site, twin ? 'moved' : 'added');
	}
	for (const site of rest) ways.set(site, 'removed');
	for (const site of [...old, ...now]) if (!ways.has(site)) ways.set(site, 'kept');
	const { fn } = after;
	let keys: readonly string[] | undefined;
	const threadKeys = (): readonly string[] => (keys ??= [...new Set([...keysOf(before, pre), ...keysOf(after, post)])]);
	return { parser, name, pre, post, before, after, old, now, ways, threadKeys, whole: isWhole(fn) };
}

const mirrors = new WeakMap<Change, Change>();

/** The change the other way round: what it takes away is what this adds. One for all rows. */
export function mirrored(change: Change): Change {
	const mirror = mirrors.get(change) ?? {
		...change, pre: change.post, post: change.pre, before: change.after, after: change.before, old: change.now, now: change.old,
		ways: new Map([...change.ways].map(([site, way]) => [site, way === 'added' ? 'removed' as const : way === 'removed' ? 'added' as const : way] as const)),
	};
	mirrors.set(change, mirror);
	return mirror;
}

/** Calls that only the side after, or only the side before, has. */
export const added = ({ now, ways }: Change): readonly Site[] => now.filter((site) => ways.get(site) === 'added');
export const removed = ({ old, ways }: Change): readonly Site[] => old.filter((site) => ways.get(site) === 'removed');

/** Something that the function does was moved, not only added or taken away. */
export const reorders = ({ ways }: Change): boolean => [...ways.values()].includes('moved');

/** The type with which a thread declares a name of the change's, ready to be followed by the name; undefined for what is no variable. */
export function declared({ after, before, post }: Change, name: string): string | undefined {
	return typeOf(name, after) ?? typeOf(name, before) ?? conventional(name, post) ?? ([after, before].some(({ fn }) => nameUses(fn).isPointedThrough(name)) ? `${madeUp(name, after.file.path)} *` : undefined);
}

/** How a function declares one of its parameters or locals. */
export function typeOf(name: string, { fn }: Definition): string | undefined {
	const param = fn.params.find((each) => each.name === name);
	if (param) return `${param.type} `;
	const found = new RegExp(`\\b(struct\\s+\\w+\\s*\\*+|[a-z_]\\w*_t\\s+\\*?)\\s*(?:const\\s+)?(?:\\w+(?:\\s*=[^,;]*)?,\\s*\\*?)*${name}\\b`).exec(fn.body.text);
	return found ? `${found[1]} ` : undefined;
}

function conventional(name: string, side: Side): string | undefined {
	const type = side.sources.conventional(name);
	return type && type.pointer > 0 ? `struct ${type.base} ${'*'.repeat(type.pointer)}` : undefined;
}

/** The struct that a variable points at. */
export const structOf = (change: Change, name: string): string | null => /struct\s+(\w+)/.exec(declared(change, name) ?? '')?.[1] ?? null;

/** Locals that stand for a part of something else, all along: `table` for `dev->priv.table` after `table = &dev->priv.table`. */
export function aliases({ before, after }: Change): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	const bodies = [before.fn.body.text, after.fn.body.text];
	for (const match of after.fn.body.text.matchAll(/\b([A-Za-z_]\w*)\s*=\s*&\s*([A-Za-z_]\w*(?:(?:->|\.)\w+(?:\[\w+\])*)+)\s*[;,]/g)) {
		const [, name = '', path = ''] = match;
		const once = bodies.every((body) => [...body.matchAll(new RegExp(`(?<![.>\\w])${name}\\s*=(?!=)`, 'g'))].length === 1 && body.replace(/\s+/g, '').includes(`${name}=&${path}`));
		if (once) found.set(name, path);
	}
	return found;
}
