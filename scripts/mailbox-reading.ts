/** Run by bench-reading.mts as a process of its own, bundled: reads one file as the command line does, and prints what that took. */
import { readFileSync } from 'node:fs';
import { readBytes } from '../analyzer/mail';

const before = process.resourceUsage().maxRSS;
const start = performance.now();
const series = await readBytes(readFileSync(process.argv[2]!));
const milliseconds = performance.now() - start;
let files = 0;
let hunks = 0;
let lines = 0;
for (const patch of series.patches) {
	files += patch.files.length;
	for (const file of patch.files) {
		hunks += file.hunks.length;
		lines += file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
	}
}
// maxRSS is in units of 1,024 bytes.
console.log(JSON.stringify({ milliseconds, before: before * 1024, peak: process.resourceUsage().maxRSS * 1024, patches: series.patches.length, files, hunks, lines }));
