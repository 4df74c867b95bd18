import { join } from 'node:path';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readBytes, readSeries } from '../analyzer/mail';
import { MANGLINGS } from '../test/mail/manglings';
import { recover, type Recovery } from '../test/mail/round-trip';
import { kernelTree, type MadePatch, mailText, makePatches } from '../test/mail/synthetic-patches';

/** usage: tsx scripts/bench-reading.mts [patches]   prints mangling × recovery, and the time and memory of a 20 MB mbox. */

const tree = kernelTree();
if (tree === null) {
	console.log('skipped: no kernel tree (KERNEL_TREE, or run scripts/fetch-linux.mts)');
	process.exit(0);
}
const count = Number(process.argv[2] ?? 300);
const patches = makePatches(tree, count);
console.log(`${patches.length} patches of ${patches.reduce((sum, { hunks }) => sum + hunks.length, 0)} hunks, ${MANGLINGS.length} manglings\n`);

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`.padStart(8);
console.log(`${'mangling'.padEnd(32)}${'to the letter'.padStart(14)}${'but white space'.padStart(16)}${'but line ends'.padStart(14)}${'loss reported'.padStart(14)}${'silent'.padStart(8)}${'lines back'.padStart(12)}`);
for (const mangling of MANGLINGS) {
	const tally: Record<Recovery, number> = { text: 0, words: 0, runs: 0, told: 0, silent: 0 };
	const examples: string[] = [];
	let shares = 0;
	for (const [seed, patch] of patches.entries()) {
		const { recovery, detail, share } = await recover(patch, mangling, seed + 1);
		tally[recovery]++;
		shares += share;
		if ((recovery === 'silent' || recovery === 'told') && examples.length < Number(process.env['EXAMPLES'] ?? 0)) {
			examples.push(`    ${recovery} #${seed} ${patch.path}: ${detail}`);
		}
	}
	console.log(`${mangling.name.padEnd(32)}${percent(tally.text, patches.length).padStart(14)}${percent(tally.words, patches.length).padStart(16)}${percent(tally.runs, patches.length).padStart(14)}${percent(tally.told, patches.length).padStart(14)}${percent(tally.silent, patches.length).padStart(8)}${percent(shares, patches.length).padStart(12)}`);
	for (const example of examples) {
		console.log(example);
	}
}

/** 500 patches, 20 MB: each made longer by further files until it has its share. */
function mbox(): string {
	const MAILS = 500;
	const BYTES = 20_000_000;
	const many = makePatches(tree!, 700);
	const parts: string[] = [];
	for (let at = 0; at < MAILS; at++) {
		let mail = mailText(many[at % many.length]!).join('\n').replace('[PATCH]', `[PATCH ${at + 1}/${MAILS}]`);
		for (let next = 1; mail.length < BYTES / MAILS; next++) {
			mail = mail.replace(/\n-- \n2\.39\.5\n$/, `\n${diffOf(many[(at * 7 + next) % many.length]!)}\n-- \n2.39.5\n`);
		}
		parts.push(mail);
	}
	return parts.join('\n');
}
const diffOf = (patch: MadePatch): string => mailText(patch).join('\n').replace(/^[\s\S]*?(?=\ndiff --git)/, '').replace(/\n-- \n2\.39\.5\n$/, '').slice(1);

const text = mbox();
const bytes = Buffer.from(text);
globalThis.gc?.();
const rss = process.memoryUsage().rss;
const start = performance.now();
const series = readSeries(text);
const took = performance.now() - start;
const files = series.patches.reduce((sum, patch) => sum + patch.files.length, 0);
const hunks = series.patches.reduce((sum, patch) => sum + patch.files.reduce((each, file) => each + file.hunks.length, 0), 0);
console.log(`\nmbox of ${(bytes.length / 1e6).toFixed(1)} MB: ${series.patches.length} patches, ${files} files, ${hunks} hunks in ${took.toFixed(0)} ms; memory ${(rss / 1e6).toFixed(0)} MB before, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB after`);
const again = performance.now();
await readBytes(bytes);
console.log(`the same as bytes: ${(performance.now() - again).toFixed(0)} ms`);

/** Patches of a folder (Debian's debian/patches): all read, and how many hunks the tree has a place for. */
const debian = process.env['DEBIAN_PATCHES'] ?? join(tree, '..', 'debian', 'patches');
if (existsSync(join(debian, 'series'))) {
	const { imagesOf } = await import('../analyzer/images');
	const { treePort } = await import('../cli/tree-port');
	const port = treePort(tree);
	const names = readFileSync(join(debian, 'series'), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
	let [read, all, located, whole, cFiles, problems] = [0, 0, 0, 0, 0, 0];
	for (const name of names) {
		const { patches: found } = readSeries(readFileSync(join(debian, name), 'latin1'));
		read += found.some(({ files }) => files.length > 0) ? 1 : 0;
		for (const patch of found) {
			problems += patch.problems.length;
			const images = imagesOf(patch, port);
			for (const file of patch.files) {
				const image = images.files.find(({ path }) => path === (file.newPath ?? file.oldPath));
				if (image !== undefined) {
					cFiles++;
					all += file.hunks.length;
					if ((image.pre ?? image.post)?.completeness === 'whole') {
						whole++;
						located += file.hunks.length;
					}
				}
			}
		}
	}
	console.log(`\ndebian/patches: ${read} of ${names.length} read, ${problems} problems; C files ${whole} of ${cFiles} whole in the tree, hunks ${located} of ${all} located`);
} else {
	console.log(`\ndebian/patches: skipped, ${debian} has no series file (set DEBIAN_PATCHES; ${existsSync(debian) ? readdirSync(debian).length : 0} entries)`);
}

/** Look-ups in the whole tree, as a patch of one file asks for them. */
{
	const { DefinitionFinder } = await import('../analyzer/images/definitions');
	const { treePort } = await import('../cli/tree-port');
	const finder = new DefinitionFinder(treePort(tree));
	const near = 'mm/truncate.c';
	const time = (name: string): readonly [number, string] => {
		const begin = performance.now();
		const [place] = finder.find(name, near);
		return [performance.now() - begin, place === undefined ? 'nowhere' : `${place.path}:${place.line}`];
	};
	const [first, where] = time('shmem_truncate_range');
	const names = ['xa_load', 'folio_lock', 'unmap_mapping_range', 'struct_size', 'inode', 'VM_FAULT_LOCKED', 'truncate_inode_pages_range', 'wait_on_page_bit', 'no_such_function', 'address_space', 'mutex_lock', 'filemap_fault', 'i_size_write', 'PAGE_SIZE', 'schedule', 'kfree'];
	names.forEach(time);
	const others = ['xa_store', 'folio_unlock', 'invalidate_inode_pages2_range', 'page', 'vm_area_struct', 'FAULT_FLAG_WRITE', 'pagecache_isize_extended', 'no_such_thing', 'rw_semaphore', 'down_write', 'filemap_map_pages', 'i_size_read', 'GFP_KERNEL', 'wake_up_process', 'kmalloc'];
	const next = others.map((name) => time(name)[0]).sort((a, b) => a - b);
	console.log(`\nlook-ups: first ${first.toFixed(0)} ms (${where}); once each folder was searched twice, ${next.length} further names: median ${next[next.length >> 1]!.toFixed(1)} ms, most ${next.at(-1)!.toFixed(1)} ms`);
}
