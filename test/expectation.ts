import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

/** Compares with the expected text in `file`. `UPDATE=1` writes it instead; a missing file is a failure, never a silent pass. */
export function checkExpected(file: string, actual: string): void {
	if (process.env['UPDATE'] === '1') {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, actual);
		return;
	}
	expect(existsSync(file), `${file} is missing: run with UPDATE=1 and read what it wrote`).toBe(true);
	expect(actual).toBe(readFileSync(file, 'utf8'));
}
