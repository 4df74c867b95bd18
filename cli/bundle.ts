import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import type * as exported from './main';

/** The command line in one file, and V8's compiled form of it. */
export const BUNDLE = 'cli.cjs';
export const COMPILED = 'cli.compiled';

/** A review is over before most of what V8 optimises for it has paid: a function is optimised only after more of its code was run, in bytes of bytecode. */
const PATIENCE = '--interrupt-budget=1000000';
/** The same for the parser, whose code is run before it is optimised as fast as it would be for the first megabytes of C, and to three quarters of that after them. */
const PARSER_AS_IT_IS = '--liftoff-only';
/** From this version on V8 has a cheaper compiler in between, and other flags. */
const PATIENT_V8 = 12;

type Exports = typeof exported;

export interface Bundle {
	readonly main: Exports['main'];
	/** What `main` works with, for whoever measures it. */
	readonly parts: Pick<Exports, 'engine' | 'openTree'>;
	/** What V8 has compiled by now: the content of `COMPILED`. */
	readonly compiled: () => Buffer;
}

/**
 * Loads the bundle of a folder. Its compiled form is taken only where it was made of the same text by the same Node, on whose word V8 then
 * takes it; otherwise the text is compiled, which costs a few tenths of a second.
 */
export function loadBundle(folder: string): Bundle {
	const filename = join(folder, BUNDLE);
	// Before anything is compiled: a compiled form is of one set of flags.
	if (Number.parseInt(process.versions.v8, 10) < PATIENT_V8) setFlagsFromString(PATIENCE);
	setFlagsFromString(PARSER_AS_IT_IS);
	// esbuild writes ASCII, and text of one byte a character is what V8 reads fastest.
	const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`;
	const cachedData = compiledOf(source, join(folder, COMPILED));
	const script = new Script(source, { filename, ...(cachedData ? { cachedData } : {}) });
	const module = { exports: {} };
	const wrapper = script.runInThisContext() as (...parts: readonly unknown[]) => void;
	wrapper(module.exports, createRequire(filename), module, filename, dirname(filename));
	const { main, engine, openTree } = module.exports as Exports;
	return {
		main, parts: { engine, openTree },
		compiled: () => {
			const code = script.createCachedData();
			return Buffer.concat([sealOf(source, code), code]);
		},
	};
}

const SEAL_BYTES = 20;

/** What goes with a compiled form, and with no other text, form or version. V8 itself compares lengths only. */
const sealOf = (source: string, code: Buffer): Buffer => createHash('sha1').update(`${process.version} ${process.arch} `).update(source, 'latin1').update(code).digest();

/** Null where there is none that fits. */
function compiledOf(source: string, path: string): Buffer | null {
	let sealed: Buffer;
	try {
		sealed = readFileSync(path);
	} catch {
		// Not built: the usual case in a checkout that is being worked on.
		return null;
	}
	const code = sealed.subarray(SEAL_BYTES);
	return sealed.subarray(0, SEAL_BYTES).equals(sealOf(source, code)) ? code : null;
}
