import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { CORE, filesOf, type FunctionText, functionsOf } from '../kernel-tree';
import { acquireOf, isRelease, type LockCall } from './operations';
import { callLines, lastName } from './statements';

/** What the tree's text shows of who else meets a function: those of its folder, and the core's. */
export interface Surroundings {
	/** Another line than the one at `at` of the function uses one of that one's fields under a lock of that name. */
	keepsFor(fn: FunctionText, lock: LockCall, at: number): boolean;
}

/** Names of fields, by that of the lock that is held where they are used, with the lines that do so. */
type Held = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

export function surroundingsOf(tree: string): Surroundings {
	const folders = new Map<string, Held>();
	const heldIn = (folder: string): Held => {
		const known = folders.get(folder) ?? held(filesOf(tree, [{ folder, deep: false }]).flatMap((file) => functionsOf(tree, file)));
		folders.set(folder, known);
		return known;
	};
	let core: Held | undefined;
	const heldInCore = (): Held => {
		core = core ?? held(filesOf(tree, CORE.filter(({ folder }) => existsSync(join(tree, folder)))).flatMap((file) => functionsOf(tree, file)));
		return core;
	};
	return {
		keepsFor: (fn, lock, at) => {
			const fields = fieldsOf(fn.lines[at]!);
			const own = lineOf(fn, at);
			const elsewhere = (all: Held): boolean => fields.some((field) => [...all.get(lastName(lock.key))?.get(field) ?? []].some((line) => line !== own));
			return elsewhere(heldIn(dirname(fn.file))) || elsewhere(heldInCore());
		},
	};
}

const lineOf = ({ file }: FunctionText, at: number): string => `${normalize(file)}:${at}`;
const fieldsOf = (text: string): readonly string[] => [...text.matchAll(/(?:->|\.)([A-Za-z_]\w*)/g)].map(([, field = '']) => field);

function held(functions: readonly FunctionText[]): Held {
	const found = new Map<string, Map<string, Set<string>>>();
	for (const fn of functions) {
		const calls = callLines(fn);
		for (const lock of calls.flatMap((call) => acquireOf(call) ?? [])) {
			const next = calls.find((call) => call.at > lock.call.at && acquireOf(call)?.key === lock.key)?.at ?? fn.close;
			const end = calls.findLast((call) => call.at > lock.call.at && call.at < next && isRelease(call, lock))?.at;
			const fields = found.get(lastName(lock.key)) ?? new Map<string, Set<string>>();
			found.set(lastName(lock.key), fields);
			for (let at = lock.call.at + 1; at < (end ?? 0); at++) {
				for (const field of fieldsOf(fn.lines[at]!)) fields.set(field, (fields.get(field) ?? new Set()).add(lineOf(fn, at)));
			}
		}
	}
	return found;
}
