import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../analyzer/review';
import type { CheckName } from '../../sim';

/** A patch of our own writing and what a reviewer must be told of it. */

/** How the engine is given the case: the mail alone, or with the files before it as a tree. */
export type Way = 'alone' | 'tree';

export interface Expectation {
	readonly category: string;
	/** Any of these is right. A neutral case is right when nothing is said of it. */
	readonly outcome: readonly Outcome[];
	/** Any of these names the trouble. */
	readonly checks: readonly CheckName[];
	/** Each list holds the names of which one must be in the scenario. */
	readonly threads: readonly (readonly string[])[];
	readonly neutral: boolean;
	readonly style: string;
	readonly note: string;
	/** Which lot it came with: FIRST-RUN.md tells how each fared when it was first run. */
	readonly set: string;
	/** Lines of context, where it is not the usual three. */
	readonly context?: number;
	readonly diagram?: boolean;
	/** Known gaps: today's wrong answer, as `answerOf` words it. */
	readonly known?: Readonly<Partial<Record<Way, string>>>;
}

export interface CorpusCase {
	/** `page-fault/vbuf-fault-punch`. */
	readonly name: string;
	readonly folder: string;
	readonly patch: string;
	readonly expected: Expectation;
	/** Folder of the files before the patch; null when the case has none. */
	readonly tree: string | null;
}

const foldersOf = (folder: string): readonly string[] =>
	readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

/** Throws when a case lacks its patch or its expectation. */
export function readCorpus(root: string): readonly CorpusCase[] {
	return foldersOf(root).flatMap((category) => foldersOf(join(root, category)).map((name): CorpusCase => {
		const folder = join(root, category, name);
		const before = join(folder, 'before');
		return {
			name: `${category}/${name}`, folder,
			patch: readFileSync(join(folder, 'patch.txt'), 'utf8'),
			expected: JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8')) as Expectation,
			tree: existsSync(before) ? before : null,
		};
	}));
}
