/** usage: tsx scripts/bench-mailbox.mts [runs]   An mbox of 20 MB and 500 patches: the time to read it, and the peak of a process that does nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { kernelTree, type MadePatch, mailText, makePatches } from '../test/mail/synthetic-patches';

const MAILS = 500;
const BYTES = 20_000_000;

interface Reading {
	readonly milliseconds: number;
	readonly before: number;
	readonly peak: number;
	readonly patches: number;
	readonly files: number;
	readonly hunks: number;
	readonly lines: number;
}

/** Of a name outside of Latin-1 the whole text needs two bytes a character. */
const WIDE = 'Reviewed-by: Łukasz Maszyna <lukasz@example.org>\nSigned-off-by: A Machine';

/** Each mail is made longer by further files until it has its share. */
function mailbox(tree: string): string {
	const many = makePatches(tree, 700);
	return Array.from({ length: MAILS }, (_, at) => {
		let mail = mailText(many[at % many.length]!).join('\n').replace('[PATCH]', `[PATCH ${at + 1}/${MAILS}]`);
		for (let next = 1; mail.length < BYTES / MAILS; next++) {
			mail = mail.replace(/\n-- \n2\.39\.5\n$/, `\n${diffOf(many[(at * 7 + next) % many.length]!)}\n-- \n2.39.5\n`);
		}
		return mail;
	}).join('\n').replace('Signed-off-by: A Machine', WIDE);
}
const diffOf = (patch: MadePatch): string => mailText(patch).join('\n').replace(/^[\s\S]*?(?=\ndiff --git)/, '').replace(/\n-- \n2\.39\.5\n$/, '').slice(1);

const tree = kernelTree();
if (tree === null) {
	console.log('skipped: there is no kernel tree (npm run linux)');
	process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'race-review-'));
try {
	const [mbox, reader] = [join(folder, 'many.mbox'), join(folder, 'reader.mjs')];
	writeFileSync(mbox, mailbox(tree));
	await build({ entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'mailbox-reading.ts')], outfile: reader, bundle: true, format: 'esm', platform: 'node', target: 'es2022', minify: true });
	console.log(`an mbox of ${BYTES / 1e6} MB, read by a process of its own; ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`);
	for (let run = 0; run < Number(process.argv[2] ?? 5); run++) {
		const { milliseconds, before, peak, patches, files, hunks, lines } = JSON.parse(execFileSync(process.execPath, [reader, mbox], { encoding: 'utf8' })) as Reading;
		console.log(`${patches} patches, ${files} files, ${hunks} hunks, ${lines} lines: ${milliseconds.toFixed(0)} ms, peak ${(peak / 1e6).toFixed(0)} MB (${(before / 1e6).toFixed(0)} MB before)`);
	}
} finally {
	rmSync(folder, { recursive: true });
}
