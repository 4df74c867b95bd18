import type { TreePort } from '../ports';
import { type DefinitionPlace, definitionsIn, isStub } from './definition-syntax';

export type { DefinitionKind, DefinitionPlace } from './definition-syntax';

/** Finds definitions by name in a tree, lazily. */

/** So many of the headers of a file, and of their headers, are known as its own. */
const HEADERS = 400;
/** Files of one folder looked into by name alone. */
const FOLDER = 200;
/** Files of the tree that looked as if they had the definition and did not: no more are tried. */
const CANDIDATES = 40;

/** What a stub returns is the answer of kernels without the feature: where the function itself is out of reach, nobody knows what it returns. */
const doesNothing = ({ text }: DefinitionPlace): boolean => /\{\s*(?:return\s*;)?\s*\}\s*$/.test(text);

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;
const NAME = /^[A-Za-z_]\w*$/;
/** Words that begin what a macro stands for, and that nobody defines: the whole tree would be read for them. */
const KEYWORD = /^(?:for|while|do|if|switch|return|sizeof|typeof)$/;

/** One per tree. Remembers what it found; before it says so again it looks whether the file still has it there. */
export class DefinitionFinder {
	private readonly found = new Map<string, readonly DefinitionPlace[]>();
	/** Of the files of places, as they were last known to be there. */
	private readonly stamps = new WeakMap<DefinitionPlace, string>();
	private readonly included = new Map<string, readonly string[]>();
	private readonly closures = new Map<string, { readonly own: string; readonly headers: ReadonlySet<string> }>();

	constructor(private readonly tree: TreePort) {}

	/** Candidates, nearest to the file `near` first; empty when the tree has none. */
	find(name: string, near: string): readonly DefinitionPlace[] {
		if (!NAME.test(name) || KEYWORD.test(name)) {
			return [];
		}
		const key = `${name} ${near}`;
		const known = this.found.get(key);
		if (known !== undefined && this.stillTrue(known)) {
			return known;
		}
		const places = this.search(name, near);
		this.found.set(key, places);
		return places;
	}

	/** A tree may have been edited: forget what was not found. What was found is checked anyhow. */
	edited(): void {
		this.tree.begin?.();
		this.included.clear();
		for (const [key, places] of this.found) {
			if (places.length === 0) {
				this.found.delete(key);
			}
		}
	}

	private stillTrue(places: readonly DefinitionPlace[]): boolean {
		return places.every((place) => {
			const stamp = this.tree.stamp?.(place.path) ?? null;
			if (stamp !== null && this.stamps.get(place) === stamp) {
				return true;
			}
			const { path, start, end, text } = place;
			const same = this.tree.read(path)?.slice(start, end) === text;
			this.keep(same ? [place] : [], stamp);
			return same;
		});
	}

	private keep(places: readonly DefinitionPlace[], stamp: string | null): void {
		if (stamp === null) {
			return;
		}
		for (const place of places) {
			this.stamps.set(place, stamp);
		}
	}

	private search(name: string, near: string): readonly DefinitionPlace[] {
		const seen = new Set<string>();
		let stubs: readonly DefinitionPlace[] = [];
		const look = (path: string): readonly DefinitionPlace[] => {
			if (seen.has(path)) {
				return [];
			}
			seen.add(path);
			const stamp = this.tree.stamp?.(path) ?? null;
			const text = this.tree.read(path);
			const places = text === null ? [] : definitionsIn(name, path, text);
			this.keep(places, stamp);
			if (places.length > 0 && places.every((place) => isStub(name, place, text!))) {
				stubs = [...stubs, ...places];
				return [];
			}
			return places;
		};
		const own = look(near);
		if (own.length > 0) {
			return own;
		}
		// Whose order is asked for sooner or later; the first look-up has the time.
		if (near !== '' && !this.closures.has(near)) {
			this.headersOf(near);
		}
		let tried = 0;
		for (const batch of this.tree.heads?.(name, near) ?? this.unindexed(name, near)) {
			const headers = batch.length > 1 ? this.headersOf(near) : null;
			const ordered = headers === null ? batch : [...batch].sort((a, b) => Number(headers.has(b)) - Number(headers.has(a)));
			for (const path of ordered) {
				const places = look(path);
				if (places.length > 0) {
					return places;
				}
				if (++tried > CANDIDATES) {
					return stubs.filter(doesNothing);
				}
			}
		}
		return stubs.filter(doesNothing);
	}

	/** A tree that keeps no index: the file's headers, its folder, then wherever the word stands. */
	private *unindexed(name: string, near: string): Generator<readonly string[]> {
		const folder = near.slice(0, near.lastIndexOf('/') + 1);
		const has = (path: string): boolean => this.tree.read(path)?.includes(name) ?? false;
		yield [...this.headersOf(near)].filter(has);
		yield (this.tree.list?.(folder.replace(/\/$/, '')) ?? []).slice(0, FOLDER).map((file) => folder + file).filter(has);
		yield this.tree.grep?.(name, near, CANDIDATES) ?? [];
	}

	/** The headers that a file includes, and those that they do. */
	private headersOf(near: string): ReadonlySet<string> {
		const own = this.includes(near).join(' ');
		const known = this.closures.get(near);
		if (known?.own === own) {
			return known.headers;
		}
		const headers = new Set<string>();
		let level = this.includes(near);
		for (let depth = 0; depth < 2; depth++) {
			const next: string[] = [];
			for (const path of level) {
				if (!headers.has(path) && headers.size < HEADERS) {
					headers.add(path);
					next.push(...this.includesOfHeader(path));
				}
			}
			level = next;
		}
		this.closures.set(near, { own, headers });
		return headers;
	}

	/** Headers change seldom, and only the order of candidates hangs on them. */
	private includesOfHeader(path: string): readonly string[] {
		const known = this.included.get(path) ?? this.includes(path);
		this.included.set(path, known);
		return known;
	}

	private includes(path: string): readonly string[] {
		const folder = path.slice(0, path.lastIndexOf('/') + 1);
		const text = this.tree.read(path);
		if (text === null) {
			return [];
		}
		return [...text.matchAll(INCLUDE)].flatMap(([, local, global]) => {
			if (local !== undefined) {
				const beside = normalized(folder + local);
				return beside === null ? [] : [beside, `include/${local}`];
			}
			return global!.startsWith('asm/') ? [`arch/x86/include/${global}`, `include/asm-generic/${global!.slice(4)}`] : [`include/${global}`, `include/uapi/${global}`];
		});
	}
}

/** `a/b/../c.h` is `a/c.h`; null where it leads out of the tree. */
function normalized(path: string): string | null {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') {
			if (parts.pop() === undefined) {
				return null;
			}
		} else if (part !== '.' && part !== '') {
			parts.push(part);
		}
	}
	return parts.join('/');
}

const finders = new WeakMap<TreePort, DefinitionFinder>();

/** The finder of a tree: one for all who ask. */
export function finderOf(tree: TreePort): DefinitionFinder {
	const finder = finders.get(tree) ?? new DefinitionFinder(tree);
	finders.set(tree, finder);
	return finder;
}

/** Candidates for the definition of `name` as seen from the file `near`. */
export const findDefinition = (name: string, near: string, tree: TreePort): readonly DefinitionPlace[] => finderOf(tree).find(name, near);
