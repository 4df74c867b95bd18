import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { rootOf, type Site } from '../../sites';

/** Words for taking a reference in names of functions, and those for dropping it. */
const HALVES: readonly (readonly [RegExp, readonly string[]])[] = [
	[/(^|_)get(?=_|$)/, ['put', 'release']], [/(^|_)hold(?=_|$)/, ['put', 'release', 'drop']], [/(^|_)grab(?=_|$)/, ['put', 'drop']], [/(^|_)ref(?=_|$)/, ['unref', 'deref', 'put']],
];

/**
 * A function that is one half of a pair by its name (`foo_get`) takes the reference of what it is given on one side of the patch only, and the other
 * half (`put`, a call of it) drops it: `counted` is what it is of.
 */
export function ownHolds(change: Change): readonly Finding[] {
	const gone = change.old.filter((site) => change.ways.get(site) === 'removed' && holds(site));
	const come = change.now.filter((site) => change.ways.get(site) === 'added' && holds(site));
	// Another way to take it is no loss of it.
	if ((gone.length > 0) === (come.length > 0) || change.post.changed.length > 1) return [];
	const { params } = change.after.fn;
	return [...gone, ...come].flatMap((site): readonly Finding[] => {
		const counted = countedBy(site.args[0] ?? '');
		const param = params.find(({ name }) => name !== '' && name === rootOf(counted ?? ''));
		const put = param && otherHalf(change, param.type);
		if (!counted || !param || !put) return [];
		return [{ words: { object: counted, counted, put: `${put}(${param.name})`, call: site.text }, tells: come.length > 0 ? 'fixes' : 'introduces' }];
	});
}

const holds = ({ row }: Site): boolean => row?.effect === 'get' || row?.effect === 'get-unless-zero' || (row?.effect === 'rmw' && row.alu === 'add');

/** `&foo->ref` counts foo; `foo->file` is counted itself. */
const countedBy = (arg: string): string | null => (arg.startsWith('&') ? /^&\s*(\w+(?:(?:->|\.)\w+)*?)->\w+(?:\.\w+)*$/.exec(arg)?.[1] ?? null : /^\w+(?:(?:->|\.)\w+)*$/.exec(arg)?.[0] ?? null);

/** The function that drops what this one takes, by its name; it is given the same. */
function otherHalf({ name, post }: Change, type: string): string | undefined {
	for (const [half, others] of HALVES) {
		if (!half.test(name)) continue;
		for (const other of others) {
			const found = post.functions.get(name.replace(half, `$1${other}`));
			const [param, ...more] = found?.fn.params ?? [];
			if (found && param && more.length === 0 && param.type.replace(/\bconst\b|\s/g, '') === type.replace(/\bconst\b|\s/g, '')) return found.fn.name;
		}
	}
	return undefined;
}
