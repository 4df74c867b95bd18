import type { Registration } from '../../lower/threads/directory';
import type { Definition } from '../../lower/sources';
import { roleOf } from './roles';
import type { Side } from '../sides/side';

/** What a thread is by what it runs: the effects of calls that start it, stop it or wait for it. */
const SPEAKS: ReadonlySet<string> = new Set(['spawn', 'cancel', 'flush']);

/**
 * Callbacks that no line in sight registers, since another file does, or a hunk that is not shown: known by the owner that they find around what they are handed
 * (`container_of(work, struct foo, reset_work)`), where other code in sight starts or stops that very member.
 */
export function foundByOwner(side: Side, known: ReadonlyMap<string, Registration>): readonly Registration[] {
	const taken = new Set([...known.values()].map(({ callback }) => callback));
	const found = new Map<string, Registration | null>();
	for (const [name, definition] of side.functions) {
		const row = taken.has(name) || definition.file.modelled ? undefined : roleOf(side, definition)?.row;
		const [handed] = definition.fn.params;
		if (!row || !RUNS_LATER.has(row.context) || !handed || definition.fn.params.length !== 1 || !SIGNATURE.test(row.role)) continue;
		const place = ownerOf(definition, handed.name);
		if (!place || known.has(place.key) || !isSpokenOf(side, place.key.slice(place.key.indexOf('.') + 1), name)) continue;
		// Two that find the same owner: which of them it is, nobody says.
		found.set(place.key, found.has(place.key) ? null : {
			key: place.key, callback: name, context: row.context,
			argument: { operand: { value: 0 }, type: { base: /struct\s+(\w+)/.exec(handed.type)?.[1] ?? '?', pointer: 1, struct: true }, path: place.path },
		});
	}
	return [...found.values()].filter((each) => each !== null);
}

/** Contexts that the signature alone tells: where an interrupt's handler runs is said where it is set up. */
const RUNS_LATER: ReadonlySet<string> = new Set(['work', 'timer']);

/** A role that is a signature: `void (struct foo *)`. */
const SIGNATURE = /\(struct \w+ \*\)$/;

/** The member that the function is handed, of the struct around it; of a member of that member its owner is started. */
function ownerOf({ fn }: Definition, handed: string): { readonly key: string; readonly path: string } | null {
	const { text } = fn.body;
	const [, inner, struct, named] = new RegExp(String.raw`\bcontainer_of\s*\(\s*(\w+\s*\(\s*)?${handed}\s*\)?\s*,\s*struct\s+(\w+)\s*,\s*([\w.]+)\s*\)`).exec(text) ?? [];
	const [, local, by] = new RegExp(String.raw`\b\w*(?:from|container_of)\w*\s*\(\s*(\w+)\s*,\s*${handed}\s*,\s*([\w.]+)\s*\)`).exec(text) ?? [];
	const owner = struct ?? (local === undefined ? undefined : new RegExp(String.raw`\bstruct\s+(\w+)\s*\*\s*${local}\b`).exec(text)?.[1]);
	const member = named ?? by;
	if (owner === undefined || member === undefined) return null;
	const [outer = member] = member.split('.');
	return { key: `${owner}.${outer}`, path: `${owner}.${inner === undefined ? member : `${member}.work`}` };
}

/** Some other function starts, stops or waits for what goes by this name. */
function isSpokenOf(side: Side, member: string, own: string): boolean {
	const { rows } = side.sources.table;
	const calls = new RegExp(String.raw`\b(\w+)\s*\(([^;{}]*?(?:->|\.)${member}\b)`, 'g');
	return [...side.functions].some(([name, { fn }]) => name !== own && [...fn.body.text.matchAll(calls)].some(([, api = '']) => SPEAKS.has(rows.get(api)?.effect ?? '')));
}
