import { isNamed } from '../../knowledge/namings';
import type { Sayings } from '../../mail/sayings';
import { isWhole } from '../../parse';
import { managedNow } from '../callers/managed-now';
import { added, type Change, structOf } from './change';
import { type ImpliedScenario, own, thread } from './partner';
import { isShownElsewhere } from './shown';
import { escaped, lastWord, placeText, rootOf, type Site } from './sites';

/**
 * The mail speaks of something that is used, or freed, after it was freed, and the patch takes uses away from behind a call that is given it and that nobody
 * shows: so that call may free it; or frees it when it fails; or, where the patch now holds a reference meanwhile, drops the last one.
 */
export function consumed(change: Change, said: Sayings, mail: string): readonly ImpliedScenario[] {
	if (!said.usedFreed && !said.freedTwice) return [];
	// What the device releases from now on is released all the same: that the patch's own releases go ends nothing.
	const managed = managedNow(change.pre, change.post);
	const calls = change.old.flatMap((site) => (isUnknown(change, site) ? site.args.flatMap((arg, index) => (managed.has(lastWord(arg)) ? [] : given(change, site, arg, index))) : []));
	const named = calls.filter(({ site }) => mail.includes(`${site.api}(`));
	const chosen = named.length > 0 ? named : calls;
	return chosen.slice(-CALLS_BOUND).reverse().flatMap((call) => scenarios(change, call));
}

/** Calls that are looked at, the last ones first. */
const CALLS_BOUND = 3;

interface Given {
	readonly site: Site;
	readonly arg: string;
	readonly index: number;
	/** Not the argument itself but the object of this struct, of which that is a part or which has it, goes with it. */
	readonly owner?: string;
}

function isUnknown(change: Change, { api, row }: Site): boolean {
	const whole = [change.post, change.pre].some((side) => {
		const fn = side.functions.get(api)?.fn;
		return fn !== undefined && isWhole(fn);
	});
	return !whole && !/^[A-Z_0-9]+$/.test(api) && (row === null || row.partial === true || row.effect === 'none' || row.effect === 'might-sleep') && !isShownElsewhere(change, api);
}

/** The argument, where the other side has fewer uses of it behind the call. */
function given(change: Change, site: Site, arg: string, index: number): readonly Given[] {
	const root = rootOf(arg);
	if (!/^&?\s*[A-Za-z_]\w*(?:(?:->|\.)\w+)*$/.test(arg) || root === null) return [];
	const owner = root !== arg && isNamed(change.post.sources.table, 'ends-what-it-gets', site.api) ? structOf(change, root) : null;
	return [...(arg.startsWith('&') ? [] : spared(change, site, arg, index)), ...(owner ? spared(change, site, root, index).map((each) => ({ ...each, owner })) : [])].slice(0, 1);
}

/** The other side has fewer uses of it behind the call. */
function spared(change: Change, site: Site, arg: string, index: number): readonly Given[] {
	const twin = change.now.find((each) => each.text === site.text) ?? change.now.find((each) => each.api === site.api && each.args.some((other) => other === arg || rootOf(other) === arg));
	if (!twin) return [];
	const before = usesBehind(change.before, arg, site.endLine);
	const after = usesBehind(change.after, arg, twin.endLine);
	const held = added(change).some(({ row, args }) => row?.effect === 'get' && rootOf(args[0] ?? '') === rootOf(arg));
	return before.all > 0 && ((before.changed > 0 && after.all < before.all) || held) ? [{ site, arg, index }] : [];
}

function usesBehind({ fn, file }: Change['before'], arg: string, line: number): { readonly all: number; readonly changed: number } {
	const use = new RegExp(`(?<![\\w.>])${escaped(arg)}\\s*(?:->|\\.(?=\\w)|[,)\\]])`);
	let [all, changed] = [0, 0];
	for (const [index, text] of fn.body.text.split('\n').entries()) {
		const at = fn.body.line + index;
		if (at <= line || !use.test(text)) continue;
		all++;
		if (file.place(at).changed) changed++;
	}
	return { all, changed };
}

function scenarios(change: Change, { site, arg, index, owner }: Given): readonly ImpliedScenario[] {
	// By the name that the caller has for it, where that is one.
	const given = (at: number): string => (at === index && /^[A-Za-z_]\w*$/.test(arg) ? arg : `given${at}`);
	const name = owner ? `INSTANCE(${owner})` : given(index);
	const get = added(change).find(({ row, args }) => row?.effect === 'get' && rootOf(args[0] ?? '') === arg);
	const count = get?.row?.effect === 'get' ? placeText(get, get.row.at)?.replace(new RegExp(`^${escaped(arg)}\\b`), name) : undefined;
	const ways = [
		...(count ? [{ body: `\tif (refcount_dec_and_test(&${count}))\n\t\tkfree(${name});\n\treturn 0;`, says: 'drops the last reference of' }] : []),
		{ body: `\tkfree(${name});\n\treturn CHOOSE(0, -22);`, says: 'frees' },
		{ body: `\tif (CHOOSE(0, 1)) {\n\t\tkfree(${name});\n\t\treturn -22;\n\t}\n\treturn 0;`, says: 'frees, when it fails,' },
	];
	return ways.flatMap(({ body, says }) => {
		const definition = thread(change, site.api, site.args.map((_, at) => `void *${given(at)}`).join(', '), body, 'int');
		return definition ? [{
			because: 'environment' as const, reason: `the mail speaks of something that is used after it was freed: so ${site.api}(), which nobody shows, ${says} ${arg}`,
			pre: [own(change, change.before, change.pre)], post: [own(change, change.after, change.post)], entries: [change.name], claimed: false, weight: 25, tells: 'fixes' as const,
			overrides: new Map([[site.api, definition]]), family: `${change.name} consumed`,
		}] : [];
	});
}
