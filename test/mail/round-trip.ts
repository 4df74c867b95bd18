import { readBytes, readSeries, type Series } from '../../analyzer/mail';
import type { Mangling } from './manglings';
import type { MadePatch } from './synthetic-patches';

/** How a patch came back. `words`: equal but for white space; `runs`: and but for where lines end. `told`: not equal, and a repair or problem says so. */
export type Recovery = 'text' | 'words' | 'runs' | 'told' | 'silent';

const squeezed = (text: string): string => text.replace(/\s+/g, '');

const contents = (hunks: readonly { readonly lines: readonly { readonly kind: string; readonly text: string }[] }[], by: (text: string) => string): string =>
	hunks.map(({ lines }) => lines.map(({ kind, text }) => `${kind[0]}${by(text)}`).join('\n')).join('\n@@\n');

/** Runs of lines of one kind, each as one text. */
const runs = (hunks: readonly { readonly lines: readonly { readonly kind: string; readonly text: string }[] }[]): string =>
	contents(hunks, squeezed).replace(/\n([car])(?=\n|$)/g, '').replace(/^([car])([^\n]*)((?:\n\1[^\n]*)+)/gm, (_, kind: string, first: string, rest: string) => kind + first + rest.replaceAll(`\n${kind}`, ''));

export async function recover(patch: MadePatch, mangling: Mangling, seed: number): Promise<{ readonly recovery: Recovery; readonly series: Series; readonly document: string | null; readonly detail: string; readonly share: number }> {
	const made = mangling.mangle(patch, seed);
	const series = typeof made === 'string' ? readSeries(made) : await readBytes(made);
	const hunks = series.patches.flatMap(({ files }) => files.flatMap((file) => file.hunks));
	const remarks = series.patches.flatMap(({ repairs, problems }) => [...repairs, ...problems]);
	const exact = (text: string): string => text.trimEnd();
	const same = (by: (text: string) => string): boolean => contents(hunks, by) === contents(patch.hunks, by);
	const path = series.patches.flatMap(({ files }) => files)[0]?.newPath;
	const recovery: Recovery = path === patch.path && same(exact) ? 'text' : path === patch.path && same(squeezed) ? 'words' : path === patch.path && runs(hunks) === runs(patch.hunks) ? 'runs' : remarks.length > 0 ? 'told' : 'silent';
	return { recovery, share: shareOf(contents(patch.hunks, squeezed), contents(hunks, squeezed)), series, document: typeof made === 'string' ? made : null, detail: recovery === 'text' ? '' : difference(contents(patch.hunks, squeezed), contents(hunks, squeezed)) };
}

/** How many of the patch's lines came back with their kind. */
function shareOf(wanted: string, got: string): number {
	const left = new Map<string, number>();
	for (const line of got.split('\n')) {
		left.set(line, (left.get(line) ?? 0) + 1);
	}
	const lines = wanted.split('\n');
	const back = lines.filter((line) => {
		const count = left.get(line) ?? 0;
		left.set(line, count - 1);
		return count > 0;
	});
	return back.length / lines.length;
}

function difference(wanted: string, got: string): string {
	const [a, b] = [wanted.split('\n'), got.split('\n')];
	const at = a.findIndex((line, index) => line !== b[index]);
	return `at ${at}: wanted ${JSON.stringify(a.slice(at, at + 3))}, got ${JSON.stringify(b.slice(at, at + 3))}; ${a.length} and ${b.length} lines`;
}

/** Hunk lines whose place in the document does not show their text. */
export function misplaced(series: Series, document: string, columns: boolean): readonly string[] {
	const lines = document.split('\n');
	return series.patches.flatMap(({ files }) => files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines.flatMap((line) => {
		const shown = lines[line.input - 1] ?? '';
		const there = columns ? shown.slice(line.from, line.to) : shown;
		const begins = squeezed(there.replaceAll('\u00a0', ' '));
		const text = squeezed(line.text);
		// A wrapped line shows its beginning only.
		return begins === text || (begins !== '' && text.startsWith(begins)) || (!columns && decoded(shown).includes(text)) ? [] : [`line ${line.input}: ${JSON.stringify(line.text)} is not ${JSON.stringify(there)}`];
	}))));
}

const decoded = (line: string): string => squeezed(line.replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
