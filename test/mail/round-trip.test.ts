import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MANGLINGS } from './manglings';
import { misplaced, recover } from './round-trip';
import { kernelTree, makePatch, makePatches, type MadePatch } from './synthetic-patches';

/** Patches made by machine go through every mangling and come back the same, or the loss is told. */

const models = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'analyzer', 'knowledge', 'models');
const ownPatches = (): readonly MadePatch[] =>
	readdirSync(models).filter((name) => name.endsWith('.c')).flatMap((name) => Array.from({ length: 4 }, (_, seed) => makePatch(models, name, seed + 1))).filter((patch) => patch !== null);

/** What cannot be had back is told; these get everything back in at least so many of a hundred. */
const LOSSY: ReadonlyMap<string, number> = new Map([
	['white space eaten', 98], ['white space eaten, quoted', 98], ['context lost its first blank', 98], ['lines wrapped at 78', 95],
	// Known gap: where lines of comments, macros and initialisers ended cannot be told from a paragraph.
	['flattened', 10],
]);

const tree = kernelTree();
if (tree === null) {
	console.log('skipped: round trips of real kernel files (no KERNEL_TREE, and scripts/fetch-linux.mts was not run)');
}
const sets = [
	{ name: 'of the models', patches: ownPatches(), fewest: 20 },
	...(tree === null ? [] : [{ name: 'of 300 kernel files', patches: makePatches(tree, 300), fewest: 300 }]),
];

for (const { name, patches, fewest } of sets) {
	describe(`round trip ${name}`, () => {
		it('has patches enough', () => expect(patches.length).toBeGreaterThanOrEqual(fewest));
		for (const mangling of MANGLINGS) {
			it(mangling.name, async () => {
				const lost: string[] = [];
				const silent: string[] = [];
				const places: string[] = [];
				for (const [seed, patch] of patches.entries()) {
					const { recovery, series, document, detail } = await recover(patch, mangling, seed + 1);
					const back = recovery === 'text' || (recovery === 'words' && (mangling.keeps === 'words' || mangling.name.startsWith('context lost')));
					if (!back) {
						(recovery === 'silent' ? silent : lost).push(`${patch.path}: ${detail}`);
					}
					if (document !== null && (mangling.columns || /HTML|entities/.test(mangling.name))) {
						places.push(...misplaced(series, document.replaceAll('\r', ''), mangling.columns));
					}
				}
				expect(silent).toEqual([]);
				expect(places).toEqual([]);
				const least = LOSSY.get(mangling.name) ?? 100;
				expect(100 * (1 - lost.length / patches.length), lost.slice(0, 3).join('\n')).toBeGreaterThanOrEqual(name === 'of the models' && least < 100 ? Math.min(least, 80) : least);
			}, 60_000);
		}
	});
}
