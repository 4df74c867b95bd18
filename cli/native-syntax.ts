import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type NativeParserClass, nativeEngine, type SyntaxEngine } from '../analyzer/parse';

/**
 * npm's native `tree-sitter` with `tree-sitter-c`, where both are installed in or above the folder and load. They are optional peers and not
 * dependencies: on a system older than their binaries were built for, installing them compiles. Null where there are none: the
 * WebAssembly parser sees the same.
 */
export function nativeSyntax(folder: string): SyntaxEngine | null {
	const load = createRequire(join(folder, 'native-syntax.cjs'));
	try {
		return nativeEngine(load('tree-sitter') as NativeParserClass, load('tree-sitter-c'));
	} catch {
		return null;
	}
}
