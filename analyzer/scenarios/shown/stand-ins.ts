import type { Row } from '../../knowledge/row';
import type { Definition } from '../../lower/sources';
import type { Sayings } from '../../mail/sayings';
import { type CParser, isWhole } from '../../parse';
import { madeUp } from '../../lower/elided/local';
import { typeOf } from '../implied/change';
import { type Site, sitesOf } from '../implied/sites';
import { ownCode } from '../sides/own-code';
import type { Side } from '../sides/side';

/**
 * Functions that nobody shows whole, as the mail tells of them: one that may sleep, one that takes the lock which the patch now releases
 * before it is called. By name, to be called instead of what is not known.
 */
export function standIns(parser: CParser, pre: Side | null, post: Side | null, said: Sayings): ReadonlyMap<string, Definition> {
	const found = new Map<string, Definition>();
	if (!pre || !post) return found;
	const sleeping = new Map([...said.sleeping, ...inner(said.trace, post).map((name) => [name, 'its trace, or the calls as it draws them, end in something that sleeps'] as const)]);
	const add = (name: string, why: string, body: string): void => {
		if (found.has(name) || !isUnknown(name, pre) || !isUnknown(name, post)) return;
		const told = why.replace(/["\\]|[^\x20-\x7e]/g, '').slice(0, TOLD_BOUND);
		const definition = ownCode(parser, '', name, `void ${name}(void)\n{\n\tASSUME("${name}(), as the mail has it: ${told}");\n${body}}\n`);
		if (definition) found.set(name, definition);
	};
	for (const [name, { lock: told, text }] of said.locking) {
		const lock = releasedBefore(name, post);
		// Where the mail names another lock it is not this one.
		if (lock && (!told.includes('_') || lock.release.includes(told))) add(name, text, `\t${lock.acquire};\n\t${lock.release};\n`);
	}
	for (const [name, why] of sleeping) add(name, why, '\tmight_sleep();\n');
	return found;
}

/** Characters of the sentence that are told. */
const TOLD_BOUND = 160;

/** The functions of a trace, innermost first, that a function which the patch shows has called. */
function inner(trace: readonly string[], side: Side): readonly string[] {
	const shown = trace.findIndex((name) => side.functions.has(name));
	return shown < 0 ? [] : trace.slice(0, shown);
}

/** The patch shows no whole body, and neither table nor models say what it does. */
function isUnknown(name: string, { functions, sources }: Side): boolean {
	const shown = functions.get(name)?.fn;
	const row = sources.table.rows.get(name);
	return !(shown && isWhole(shown)) && !sources.model(name) && (row === undefined || row.effect === 'none');
}

/** The lock that a changed function has released last where it calls the function. */
function releasedBefore(name: string, post: Side): { readonly acquire: string; readonly release: string } | null {
	for (const changed of post.changed) {
		const definition = post.functions.get(changed);
		if (!definition) continue;
		const sites = sitesOf(definition, post);
		const at = sites.findIndex(({ api }) => api === name);
		const last = sites.slice(0, Math.max(0, at)).filter(({ row }) => row && LOCKING.has(row.effect)).at(-1);
		const acquire = last?.row?.effect === 'unlock' ? pairOf(last, post) : undefined;
		if (last && acquire) return { acquire: ofInstances(`${acquire}(${last.args.join(', ')})`, definition), release: ofInstances(last.text, definition) };
	}
	return null;
}

/** A call over the caller's variables, for a function that has none of them: each is the one object of its struct. */
const ofInstances = (call: string, caller: Definition): string => call.replace(/(?<![\w.>])([A-Za-z_]\w*)\s*->/g, (text, name: string) => {
	const struct = /\bstruct\s+(\w+)/.exec(typeOf(name, caller) ?? madeUp(name, caller.file.path))?.[1];
	return struct === undefined ? text : `INSTANCE(${struct})->`;
});

const LOCKING: ReadonlySet<Row['effect']> = new Set(['lock', 'trylock', 'unlock']);

/** The API that takes what this one releases. */
const pairOf = ({ api }: Site, { sources }: Side): string | undefined =>
	// Who reads again waits for a writer that has come in between: as good as a lock of one's own.
	[api.replace('cpus_read_unlock', 'cpus_write_lock').replace(/^up_read$/, 'down_write'), api.replace('unlock', 'lock').replace('restore', 'save'), api.replace(/^up/, 'down'), api.replace('release', 'lock')].find((name) => name !== api && sources.table.rows.get(name)?.effect === 'lock');
