import type { FunctionSource } from '../../parse';
import { withoutComments } from '../../parse/plain-text';
import { isEntry, iteratedType } from '../grammar/iterators';

/** What the text of a function does with the names in it, as far as that tells what an elided declaration says of them. */
export interface NameUses {
	/** Goes through it with `->`, or hands it to what frees or releases, or to what gives the struct around it or behind it: it is a pointer. */
	isPointedThrough(name: string): boolean;
	/**
	 * Indexed, passed by its address, a hash table (include/linux/hashtable.h), or with a lock inside: an array or a struct of file scope rather
	 * than a pointer that elided code set.
	 */
	isObject(name: string): boolean;
	/** A walk over entries of a container moves it. */
	isEntry(name: string): boolean;
	/** What it points at is the address of a lock: `spin_lock(*ptlp)`. */
	isLocksPlace(name: string): boolean;
	/** The struct of a variable that an iterator moves, or of a container that one walks. */
	iteratedType(name: string): string | undefined;
}

const POINTED: readonly RegExp[] = [/\b(\w+)(?=\s*->)/g, /\b(?:container_of\w*|\w+_entry|to_\w+|\w*_priv|\w+_get_\w*data)\s*\(\s*(\w+)(?=\s*[,)])/g, /(?:free|put|release|destroy)\w*\s*\(\s*(\w+)(?=\s*[,)])/g];
const OBJECTS: readonly RegExp[] = [
	/\bhash_(?:for_each\w*|add(?:_rcu)?|init|empty)\s*\(\s*(\w+)/g, /\b(\w+)(?=\s*\[)/g, /&\s*(\w+)\b(?!\s*(?:->|\.|\[))/g,
	/&\s*(\w+)(?=\.(?:\w+\.)*\w*(?:lock|mutex|sem|timer|work|tasklet)\b)/g,
];
const LOCKS_PLACE: readonly RegExp[] = [/\b\w*(?:spin|mutex|read|write)_(?:un)?lock\w*\s*\(\s*\*\s*(\w+)(?=\s*[,)])/g];
const ITERATES = /for_each/;

const namesIn = (text: string, patterns: readonly RegExp[]): ReadonlySet<string> =>
	new Set(patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), (match) => match[1]!)));

/** Whether C without comments goes through the name with `->`, or hands it to what frees or releases. */
export const isPointedThrough = (name: string, text: string): boolean => text.includes(name) && namesIn(text, POINTED).has(name);

const known = new WeakMap<FunctionSource, NameUses>();

/** One look at the text answers for all its names. */
export function nameUses(fn: FunctionSource): NameUses {
	const before = known.get(fn);
	if (before) return before;
	const text = withoutComments(fn.body.text);
	const pointed = namesIn(text, POINTED);
	const objects = namesIn(text, OBJECTS);
	const places = namesIn(text, LOCKS_PLACE);
	const iterates = ITERATES.test(text);
	const uses: NameUses = {
		isPointedThrough: (name) => pointed.has(name),
		isObject: (name) => objects.has(name) && !pointed.has(name),
		isLocksPlace: (name) => places.has(name),
		isEntry: (name) => iterates && isEntry(name, text),
		iteratedType: (name) => (iterates ? iteratedType(name, text) : undefined),
	};
	known.set(fn, uses);
	return uses;
}
