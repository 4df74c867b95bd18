import { readdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import { checkFile } from './check';

const folder = new URL('./cases/', import.meta.url).pathname;

for (const file of readdirSync(folder).sort()) {
	describe(file, () => {
		checkFile(`${folder}${file}`, test);
	});
}
