import { imagesOf } from '../../analyzer/images';
import { readSeries } from '../../analyzer/mail';
import type { TreePort } from '../../analyzer/ports';
import type { SuggestedEdit } from '../../analyzer/review';
import { unifiedDiff } from '../../extension/view/unified-diff';

/** A suggestion put into the patch by its own words alone: file, lines, what stands there, what comes instead. Null, with the reason, where they do not fit. */
export type Applied = { readonly document: string } | { readonly misfit: string };

const CONTEXT = 3;

/** In a mail of one patch: its hunks' own lines change. */
export function appliedToMail(document: string, edits: readonly SuggestedEdit[]): Applied {
	const lines = document.split('\n');
	const out: (string | null)[] = [...lines];
	const before = new Map<number, readonly string[]>();
	let last = 0;
	for (const edit of edits) {
		// What comes at the end of a hunk comes before no line of it.
		const at = edit.inputLine ?? last + 1;
		if (edit.inputLine === null && (last === 0 || edit.before.length > 0)) return { misfit: `no line of the mail: ${edit.file}:${edit.line}` };
		let line = at;
		for (const text of edit.before) {
			while (lines[line - 1]?.startsWith('-')) line++;
			if (lines[line - 1]?.slice(1).trimEnd() !== text.trimEnd()) return { misfit: `line ${line} is no "${text}"` };
			out[line - 1] = lines[line - 1]?.startsWith('+') ? null : `-${lines[line - 1]?.slice(1)}`;
			line++;
		}
		before.set(edit.before.length > 0 ? line : at, [...before.get(edit.before.length > 0 ? line : at) ?? [], ...edit.after.map((text) => `+${text}`)]);
		last = line - 1;
	}
	const made = out.flatMap((text, index) => [...before.get(index + 1) ?? [], ...(text === null ? [] : [text])]);
	return { document: recounted(made).join('\n') };
}

/** Hunk headers with the numbers of their lines. */
function recounted(lines: readonly string[]): readonly string[] {
	const out = [...lines];
	lines.forEach((line, index) => {
		const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/.exec(line);
		if (!header) return;
		let [old, now] = [0, 0];
		for (const text of lines.slice(index + 1)) {
			if (!/^[ +-]/.test(text) && text !== '' || /^--- |^-- $|^@@ /.test(text)) break;
			if (text === '') continue;
			if (!text.startsWith('+')) old++;
			if (!text.startsWith('-')) now++;
		}
		out[index] = `@@ -${header[1]},${old} +${header[2]},${now} @@${header[3]}`;
	});
	return out;
}

/** With the tree that the patch is for: the words before its diff, and a diff of the files as they are then. */
export function appliedToFiles(document: string, tree: TreePort, edits: readonly SuggestedEdit[]): Applied {
	const [patch] = readSeries(document).patches;
	if (!patch) return { misfit: 'no patch' };
	const head = document.split('\n').slice(0, (patch.files[0]?.input ?? 1) - 1).join('\n');
	const diffs: string[] = [];
	for (const { path, pre, post } of imagesOf(patch, tree).files) {
		if (!post || (pre ?? post).completeness !== 'whole') return { misfit: `${path} is not known whole` };
		const lines = post.text.split('\n');
		for (const edit of [...edits].reverse().filter(({ file }) => file === post.path)) {
			if (edit.line === null) return { misfit: `no line in ${path}` };
			const found = lines.slice(edit.line - 1, edit.line - 1 + edit.before.length);
			if (found.join('\n') !== edit.before.join('\n')) return { misfit: `${path}:${edit.line} is no "${edit.before.join('\n')}"` };
			lines.splice(edit.line - 1, edit.before.length, ...edit.after);
		}
		diffs.push(`diff --git a/${path} b/${path}\n${unifiedDiff(pre?.text ?? '', lines.join('\n'), path, CONTEXT)?.text ?? ''}`);
	}
	return { document: `${head}\n${diffs.join('')}` };
}
