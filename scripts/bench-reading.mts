import { join } from 'node:path';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readSeries } from '../analyzer/mail';
import { MANGLINGS } from '../test/mail/manglings';
import { recover, type Recovery } from '../test/mail/round-trip';
import { kernelTree, makePatches } from '../test/mail/synthetic-patches';

/** usage: tsx scripts/bench-reading.mts [patches]   prints mangling × recovery, what is read of debian/patches, and look-ups. */

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

/** Patches of a folder (Debian's debian/patches): all read, and how many hunks the tree has a place for. */
const debian = process.env['DEBIAN_PATCHES'] ?? join(tree, '..', 'debian', 'patches');
if (existsSync(join(debian, 'series'))) {
	const { imagesOf } = await import('../analyzer/images');
	const { treePort } = await import('../disk/tree-port');
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
	const { treePort } = await import('../disk/tree-port');
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
