import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Patches made mechanically from real kernel files: lines of a file taken away, moved and doubled at random places. */

export interface MadeLine {
	readonly kind: 'context' | 'added' | 'removed';
	readonly text: string;
}

export interface MadeHunk {
	readonly oldStart: number;
	readonly oldCount: number;
	readonly newStart: number;
	readonly newCount: number;
	readonly section: string;
	readonly lines: readonly MadeLine[];
}

export interface MadePatch {
	readonly path: string;
	readonly subject: string;
	readonly changelog: readonly string[];
	readonly hunks: readonly MadeHunk[];
	/** The file before. */
	readonly before: string;
	readonly after: string;
}

/** The tree for tests and benchmarks, or null: `KERNEL_TREE`, else the cache that `scripts/fetch-linux.mts` fills. */
export function kernelTree(): string | null {
	const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'krr-linux', 'tree', 'linux-source-6.12');
	const tree = process.env['KERNEL_TREE'] ?? cache;
	return statSync(join(tree, 'mm'), { throwIfNoEntry: false })?.isDirectory() ? tree : null;
}

/** A small generator with a seed, so that a failure can be repeated. */
export function random(seed: number): (below: number) => number {
	let state = seed >>> 0 || 1;
	return (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

const CONTEXT = 3;
const APART = 12;
const FOLDERS = ['mm', 'kernel', 'kernel/sched', 'kernel/locking', 'fs', 'fs/ext4', 'net/core', 'net/ipv4', 'block', 'drivers/target', 'drivers/base', 'lib', 'ipc', 'include/linux'];

/** C files of several folders of the tree, the same ones in the same order every time. */
function kernelFiles(tree: string): readonly string[] {
	return FOLDERS.flatMap((folder) => readdirSync(join(tree, folder)).filter((name) => /\.[ch]$/.test(name)).sort().map((name) => `${folder}/${name}`));
}

/** One patch of one file, of one to four hunks. */
export function makePatch(tree: string, path: string, seed: number): MadePatch | null {
	const before = readFileSync(join(tree, path), 'utf8');
	const lines = before.split('\n').slice(0, -1);
	// White space at a line's end or a form feed is lost in mails for other reasons than ours.
	if (lines.length < 80 || lines.some((line) => /[\f\r\u00a0\u0080-\uffff]/.test(line) || line.length > 400)) {
		return null;
	}
	const next = random(seed);
	const edits: { readonly at: number; readonly remove: number; readonly add: readonly string[] }[] = [];
	for (let at = 8 + next(30), count = 1 + next(4); count > 0 && at < lines.length - 12; count--) {
		const remove = next(4);
		const donor = next(lines.length - 6);
		const add = lines.slice(donor, donor + next(5)).filter((line, index) => line !== lines[at + index]);
		if (remove + add.length > 0 && lines.slice(at, at + remove).join('\n') !== add.join('\n')) {
			edits.push({ at, remove, add });
		}
		at += remove + APART + next(Math.max(20, Math.floor(lines.length / 4)));
	}
	if (edits.length === 0) {
		return null;
	}
	const hunks: MadeHunk[] = [];
	const after: string[] = [];
	let copied = 0;
	for (const { at, remove, add } of edits) {
		const from = at - CONTEXT;
		const to = at + remove + CONTEXT;
		after.push(...lines.slice(copied, at), ...add);
		hunks.push({
			oldStart: from + 1, oldCount: to - from, newStart: after.length - add.length - CONTEXT + 1, newCount: CONTEXT * 2 + add.length,
			section: (lines.slice(0, from).findLast((line) => /^[A-Za-z_$]/.test(line)) ?? '').slice(0, 80).trim(),
			lines: [
				...lines.slice(from, at).map((text): MadeLine => ({ kind: 'context', text })),
				...lines.slice(at, at + remove).map((text): MadeLine => ({ kind: 'removed', text })),
				...add.map((text): MadeLine => ({ kind: 'added', text })),
				...lines.slice(at + remove, to).map((text): MadeLine => ({ kind: 'context', text })),
			],
		});
		copied = at + remove;
	}
	after.push(...lines.slice(copied));
	return {
		path, before, after: `${after.join('\n')}\n`, hunks,
		subject: `${path.split('/')[0]}: change ${path.split('/').at(-1)} at ${edits.length} places`,
		changelog: ['Lines of this file are taken away and put elsewhere, which', 'means nothing at all. It is made by a machine, to be read', 'by another one.', '', 'Signed-off-by: A Machine <machine@example.org>'],
	};
}

const MARKER = { context: ' ', added: '+', removed: '-' } as const;

export const headerOf = (hunk: MadeHunk): string =>
	`@@ -${hunk.oldStart},${hunk.oldCount} +${hunk.newStart},${hunk.newCount} @@${hunk.section === '' ? '' : ` ${hunk.section}`}`;

export const hunkText = (hunk: MadeHunk): readonly string[] => hunk.lines.map(({ kind, text }) => MARKER[kind] + text);

/** From `diff --git` on. */
export function diffText(patch: MadePatch): readonly string[] {
	return [
		`diff --git a/${patch.path} b/${patch.path}`, 'index 0123456789ab..ba9876543210 100644', `--- a/${patch.path}`, `+++ b/${patch.path}`,
		...patch.hunks.flatMap((hunk) => [headerOf(hunk), ...hunkText(hunk)]),
	];
}

/** As `git format-patch` writes it. */
export function mailText(patch: MadePatch): readonly string[] {
	return [
		'From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001', 'From: A Machine <machine@example.org>', 'Date: Sat, 21 Nov 2026 03:00:00 +0000',
		`Subject: [PATCH] ${patch.subject}`, '', ...patch.changelog, '---', ` ${patch.path} | 9 +++++----`, ' 1 file changed, 5 insertions(+), 4 deletions(-)', '',
		...diffText(patch), '-- ', '2.39.5', '',
	];
}

/** So many patches, from files spread over the tree. */
export function makePatches(tree: string, count: number): readonly MadePatch[] {
	const files = kernelFiles(tree);
	const made: MadePatch[] = [];
	for (let seed = 1; made.length < count && seed < count * 20; seed++) {
		const patch = makePatch(tree, files[(seed * 37) % files.length]!, seed);
		if (patch !== null) {
			made.push(patch);
		}
	}
	return made;
}
