import type { Patch } from '../../mail/patch';
import { NAMELESS } from './nameless';
import type { Told } from '../propose';
import type { SideFile } from '../sides/side-file';

/**
 * Fragments whose function's name stands nowhere in their hunks: the changelog's racing functions that no hunk defines give it,
 * when there is one such name for the largest nameless fragment.
 */
export function nameFunctions(patch: Patch, told: Told, known: (name: string) => boolean): (files: readonly SideFile[]) => readonly SideFile[] {
	return (all) => {
		const words = [patch.subject, ...patch.prose.map(({ text }) => text), ...all.map(({ image }) => image.text)].join('\n');
		const files = all.map(byLabels).map((file) => byWholeNames(file, words));
		const named = new Set(files.flatMap((file) => file.functions.map(({ fn }) => fn.name)));
		const candidates = told.claims.flatMap((claim) => claim.parties).filter((name) => /^[a-z_]\w*_\w+$/.test(name) && !named.has(name) && !known(name));
		const nameless = files.flatMap((file) => file.functions.filter(({ fn }) => fn.name === '').map((definition) => ({ file, definition })));
		const sized = nameless.map((each) => ({ ...each, changed: changedLines(each) })).sort((a, b) => b.changed - a.changed);
		const [largest] = sized;
		const name = [...new Set(candidates)].find((each) => largest && !new RegExp(`\\b${each}\\s*\\(`).test(largest.definition.fn.body.text) && mentionsFile(patch, each));
		if (!largest || !name) return files;
		return files.map((file) => (file !== largest.file ? file : {
			...file,
			functions: file.functions.map((each) => (each !== largest.definition ? each : { ...each, fn: { ...each.fn, name, named: 'named by the changelog' } })),
		}));
	};
}

/** `@@ -643,7 +643,6 @@ out_free:`: of the function nobody knows more than that it has this label. */
function byLabels(file: SideFile): SideFile {
	const labels = file.functions.map((each) => (each.fn.name === '' ? /^([a-z_]\w*)\s*:\s*$/i.exec(file.image.hunks.findLast(({ line }) => line <= each.fn.line)?.section.trim() ?? '')?.[1] : undefined));
	if (labels.every((label) => label === undefined || label === 'default')) return file;
	return {
		...file,
		functions: file.functions.map((each, index) => {
			const label = labels[index];
			return label === undefined || label === 'default' ? each : { ...each, fn: { ...each.fn, name: `code_at_${label}`, named: `${NAMELESS}${label}` } };
		}),
	};
}

/** Git cuts what it shows of a function's head, in the middle of a word if need be: once at 40 columns, now at 80. */
const CUT_COLUMNS = [40, 80];

/** `@@ -196,9 +196,10 @@ static struct foo *foo_gem_c`: the rest of the name stands elsewhere in the mail, when just one word there begins so. */
function byWholeNames(file: SideFile, words: string): SideFile {
	const cut = file.functions.map(({ fn }) => {
		const section = fn.named === 'hunk header' ? (file.image.hunks.findLast(({ line }) => line <= fn.line)?.section ?? '') : '';
		return fn.name !== '' && CUT_COLUMNS.includes(section.length) && section.endsWith(fn.name);
	});
	if (!cut.includes(true)) return file;
	return {
		...file,
		functions: file.functions.map((each, index) => {
			const { name } = each.fn;
			const whole = cut[index] ? [...new Set(Array.from(words.matchAll(new RegExp(`\\b${name}\\w+`, 'g')), ([word]) => word))] : [];
			return whole.length === 1 ? { ...each, fn: { ...each.fn, name: whole[0]!, named: 'hunk header and mail' } } : each;
		}),
	};
}

function changedLines({ file, definition }: { readonly file: SideFile; readonly definition: SideFile['functions'][number] }): number {
	let count = 0;
	for (let line = definition.fn.line; line <= definition.fn.endLine; line++) if (file.image.changed[line - 1]) count++;
	return count;
}

/** A function that the patch's own comments or prose name. */
const mentionsFile = (patch: Patch, name: string): boolean => patch.prose.some((line) => line.text.includes(name));
