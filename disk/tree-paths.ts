import { realpathSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';

/** Paths that come from a patch, made safe: nothing outside of the tree is ever named to the file system. */
export class TreePaths {
	/** The folder without symbolic links; null when there is none. */
	readonly root: string | null;
	/** With what the paths of all that is in it begin. */
	private readonly inside: string;

	constructor(folder: string) {
		try {
			this.root = realpathSync.native(folder);
		} catch {
			this.root = null;
		}
		this.inside = this.root?.endsWith(sep) ? this.root : `${this.root}${sep}`;
	}

	/** The real path of a file or folder in the tree, or null: absolute, `..`, a drive, a NUL, a link that leads out, or nothing there. */
	real(path: string): string | null {
		if (this.root === null || path.includes('\0') || path.includes('\\') || isAbsolute(path) || /^[A-Za-z]:/.test(path)) {
			return null;
		}
		if (path.split('/').includes('..')) {
			return null;
		}
		try {
			const real = realpathSync.native(join(this.root, normalize(path)));
			if (real.startsWith(this.inside)) {
				return real;
			}
			// A file system may spell one folder in several ways.
			const inside = relative(this.root, real);
			return inside === '' || (!inside.startsWith(`..${sep}`) && inside !== '..' && !isAbsolute(inside)) ? real : null;
		} catch {
			return null;
		}
	}
}
