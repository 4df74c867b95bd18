import type { Definition } from '../../lower/sources';
import type { Side } from '../sides/side';

/** So much of the words of a function stays where it is given another name and its body is edited. */
const KEPT_WORDS = 0.7;
/** Bodies of fewer words say too little, unless nothing of them changes. */
const LEAST_WORDS = 8;

/** The side before, where a function that the patch gives another name has the one that it has afterwards: one function is compared with itself. */
export function underLaterNames(pre: Side | null, post: Side | null): Side | null {
	const names = pre && post ? renamed(pre, post) : new Map<string, string>();
	if (!pre || names.size === 0) return pre;
	const later = new Map([...names].map(([now, was]) => [was, now] as const));
	const told = (name: string): string => later.get(name) ?? name;
	const { sources } = pre;
	return {
		...pre,
		sources: { ...sources, defined: (name) => sources.defined(names.get(name) ?? name), changed: (name) => sources.changed(names.get(name) ?? name) },
		functions: new Map([...pre.functions].map(([name, each]) => [told(name), each])),
		changed: pre.changed.map(told),
		callers: new Map([...pre.callers].map(([name, callers]) => [told(name), callers.map(told)])),
		referenced: new Set([...pre.referenced].map(told)),
	};
}

/** Name after → name before, of functions that stand on one side each and say nearly the same. */
function renamed(pre: Side, post: Side): ReadonlyMap<string, string> {
	const gone = pre.changed.filter((name) => !post.functions.has(name));
	const found = new Map<string, string>();
	for (const name of post.changed.filter((each) => !pre.functions.has(each))) {
		const now = post.functions.get(name);
		const alike = now ? gone.filter((old) => areAlike(pre.functions.get(old), now)) : [];
		if (alike.length === 1 && ![...found.values()].includes(alike[0]!)) found.set(name, alike[0]!);
	}
	return found;
}

function areAlike(was: Definition | undefined, now: Definition): boolean {
	if (!was || was.file.path !== now.file.path || was.fn.params.length !== now.fn.params.length) return false;
	if (was.fn.body.text === now.fn.body.text) return true;
	const [old, young] = [wordsOf(was), wordsOf(now)];
	const left = new Map<string, number>();
	for (const word of old) left.set(word, (left.get(word) ?? 0) + 1);
	const kept = young.filter((word) => {
		const rest = left.get(word) ?? 0;
		left.set(word, rest - 1);
		return rest > 0;
	}).length;
	return Math.min(old.length, young.length) >= LEAST_WORDS && kept >= KEPT_WORDS * Math.max(old.length, young.length);
}

/** A call for folios says what the one for pages said, in another order: `put_page`, `folio_put`; `PageError`, `folio_test_error`. */
const wordsOf = ({ fn }: Definition): readonly string[] => (fn.body.text.match(/[A-Za-z_]\w*/g) ?? []).map((word) => (/folio|page/i.test(word) ? word.replace(/([a-z])(?=[A-Z])/g, '$1_').toLowerCase().split('_').map((part) => (part === 'folio' ? 'page' : part)).filter((part) => part !== 'test' && part !== '').sort().join('_') : word));
